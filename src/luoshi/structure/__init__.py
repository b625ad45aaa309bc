"""Reading → documents: a compilation taken apart, outline, sentences, speakers, metadata."""

from luoshi.structure.build import plain, structure
from luoshi.structure.settle import settle

__all__ = ["plain", "settle", "structure"]
