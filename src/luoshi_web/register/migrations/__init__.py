"""Schema of the register."""
