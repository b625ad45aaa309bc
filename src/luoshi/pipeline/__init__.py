"""The only place that knows the order of the rooms.

:func:`build` reads documents and writes an output folder; :func:`compare` looks at two documents;
:func:`extract_rows` takes text that stands alone; :func:`load` reads an output folder back.
"""

from luoshi.pipeline.build import Built, build
from luoshi.pipeline.compare import compare
from luoshi.pipeline.options import Options
from luoshi.pipeline.progress import Progress, Silent
from luoshi.pipeline.rows import extract_rows
from luoshi.pipeline.store import load

__all__ = ["Built", "Options", "Progress", "Silent", "build", "compare", "extract_rows", "load"]
