"""Bytes in, readings out: clean text with the origin of every character, and what was left out."""

from luoshi.read.account import coverage_gaps
from luoshi.read.opening import read, read_with
from luoshi.read.protocol import Limits, Reader
from luoshi.read.registry import ReaderInfo, readers

__all__ = ["Limits", "Reader", "ReaderInfo", "coverage_gaps", "read", "read_with", "readers"]
