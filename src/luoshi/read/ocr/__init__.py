"""Recognition of scans: pictures in, pages of glyphs out. Optional: ``luoshi[ocr]``."""

from luoshi.read.ocr.pool import Lost, Picture, Recogniser
from luoshi.read.ocr.setting import INSTALL, installed

__all__ = ["INSTALL", "Lost", "Picture", "Recogniser", "installed"]
