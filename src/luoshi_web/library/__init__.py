"""Documents, their versions and originals, and what the machine read in them."""
