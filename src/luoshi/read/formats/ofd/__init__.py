"""OFD (GB/T 33190), the national format for documents of a fixed layout: a reader of our own."""

from luoshi.read.formats.ofd.reader import OfdReader

__all__ = ["OfdReader"]
