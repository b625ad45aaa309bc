"""Text reuse over whole corpora."""
