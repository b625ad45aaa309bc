"""The levels of secrecy that a document may bear."""

LEVELS = ("秘密", "机密", "绝密")
"""The three levels of the law on state secrets, the lowest first."""
