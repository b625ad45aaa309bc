"""Pages that count and compare over the register and its delivery."""
