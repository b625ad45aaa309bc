"""Reading → documents: a compilation taken apart, outline, sentences, speakers, metadata.

Decisions that other rooms build on:

- A notice that prints and forwards a plan (关于印发《…》的通知) is **one** document. It keeps the notice's
  title, number and date; its kind is the plan's; the plan is a provision of kind ``part``, as every annex is.
- A title set on several lines is one paragraph and one sentence of kind ``heading``.
- Chapter: 一、; section: （一）; article: 第四条, and 1. where the numbers run on through the chapters;
  paragraph: a clause (款) or a third level; item: 项, （1）, ①, ——, 一是. A document without any label has a
  ``paragraph`` for each of its paragraphs, so that every place has an address.
- A paragraph of a report belongs to a speaker only where a formula says so; in doubt to nobody. A body that
  speaks is named as it stands (会议, 全会).
- A digest's captions that stand apart are joined to their quotes: a provision each, spanning the quotes.
- A boxed summary stays text and is marked (:attr:`luoshi.model.Document.box`); captions of pictures are
  dropped.
- Dates come from the text itself, else from metadata, else (the year only) from the neighbours in the
  compilation, else from another document of the batch that dates the same event (:func:`settle`).
"""

from luoshi.structure.build import plain, structure
from luoshi.structure.secrecy import refused
from luoshi.structure.settle import settle
from luoshi.text.secrecy import LEVELS

__all__ = ["LEVELS", "plain", "refused", "settle", "structure"]
