"""Luoshi 落实: from policy documents to a register of commitments, with the evidence for each.

A document walks through the rooms in this order; each is a package of its own and none of the
steps imports another (they are joined by the records of :mod:`luoshi.model`):

``read`` → ``structure`` → ``extract`` → ``align`` → ``cover`` → (``track``) → ``report``
"""

__version__ = "0.1.0"

SCHEMA_VERSION = 2
"""Version of the records' fields; it changes only when a field changes its meaning or its name."""
