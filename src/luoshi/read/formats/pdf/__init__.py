"""PDF files: text by its glyphs and their places; pages without usable text go to recognition."""

from luoshi.read.formats.pdf.reader import PdfReader

__all__ = ["PdfReader"]
