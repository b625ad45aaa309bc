"""Who did what and when: the hash chain, and services, the only way to write."""
