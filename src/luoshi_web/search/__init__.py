"""Search over documents, provisions and commitments; the index behind it."""
