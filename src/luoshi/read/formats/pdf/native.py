"""PDFium called for every character: plain addresses in, plain numbers out.

The binding's own functions build an object for each pointer that they return, which is most of the time spent
on a page. These prototypes take and give addresses, and keep the interpreter's lock, which the child that
calls them need not share.
"""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2.raw as raw

_P, _I, _U, _F, _D = ctypes.c_void_p, ctypes.c_int, ctypes.c_uint, ctypes.c_float, ctypes.c_double


def _bind(name: str, result: Any, *arguments: Any) -> Any:
    address = ctypes.cast(getattr(raw, name), _P).value
    if address is None:  # pragma: no cover - the library would not have loaded
        raise ImportError(name)
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


load_document = _bind("FPDF_LoadMemDocument64", _P, _P, ctypes.c_size_t, _P)
close_document = _bind("FPDF_CloseDocument", None, _P)
last_error = _bind("FPDF_GetLastError", ctypes.c_ulong)
page_count = _bind("FPDF_GetPageCount", _I, _P)
load_page = _bind("FPDF_LoadPage", _P, _P, _I)
close_page = _bind("FPDF_ClosePage", None, _P)
page_box = _bind("FPDF_GetPageBoundingBox", _I, _P, _P)
page_rotation = _bind("FPDFPage_GetRotation", _I, _P)

load_text = _bind("FPDFText_LoadPage", _P, _P)
close_text = _bind("FPDFText_ClosePage", None, _P)
count_chars = _bind("FPDFText_CountChars", _I, _P)
char_code = _bind("FPDFText_GetUnicode", _U, _P, _I)
char_box = _bind("FPDFText_GetLooseCharBox", _I, _P, _I, _P)
char_object = _bind("FPDFText_GetTextObject", _P, _P, _I)
char_generated = _bind("FPDFText_IsGenerated", _I, _P, _I)
char_unmapped = _bind("FPDFText_HasUnicodeMapError", _I, _P, _I)
char_matrix = _bind("FPDFText_GetMatrix", _I, _P, _I, _P)
char_size = _bind("FPDFText_GetFontSize", _D, _P, _I)

text_font = _bind("FPDFTextObj_GetFont", _P, _P)
text_mode = _bind("FPDFTextObj_GetTextRenderMode", _I, _P)
font_name = _bind("FPDFFont_GetBaseFontName", ctypes.c_size_t, _P, _P, ctypes.c_size_t)
font_weight = _bind("FPDFFont_GetWeight", _I, _P)

count_objects = _bind("FPDFPage_CountObjects", _I, _P)
get_object = _bind("FPDFPage_GetObject", _P, _P, _I)
object_type = _bind("FPDFPageObj_GetType", _I, _P)
object_bounds = _bind("FPDFPageObj_GetBounds", _I, _P, _P, _P, _P, _P)
object_matrix = _bind("FPDFPageObj_GetMatrix", _I, _P, _P)
form_count = _bind("FPDFFormObj_CountObjects", _I, _P)
form_object = _bind("FPDFFormObj_GetObject", _P, _P, ctypes.c_ulong)
path_mode = _bind("FPDFPath_GetDrawMode", _I, _P, _P, _P)
path_segments = _bind("FPDFPath_CountSegments", _I, _P)
path_segment = _bind("FPDFPath_GetPathSegment", _P, _P, _I)
segment_point = _bind("FPDFPathSegment_GetPoint", _I, _P, _P, _P)
segment_type = _bind("FPDFPathSegment_GetType", _I, _P)
segment_close = _bind("FPDFPathSegment_GetClose", _I, _P)

bitmap_create = _bind("FPDFBitmap_CreateEx", _P, _I, _I, _I, _P, _I)
bitmap_fill = _bind("FPDFBitmap_FillRect", _I, _P, _I, _I, _I, _I, ctypes.c_ulong)
bitmap_destroy = _bind("FPDFBitmap_Destroy", None, _P)
render = _bind("FPDF_RenderPageBitmap", None, _P, _P, _I, _I, _I, _I, _I, _I)

TEXT_OBJECT, PATH_OBJECT, IMAGE_OBJECT, FORM_OBJECT = 1, 2, 3, 5
SEGMENT_LINE, SEGMENT_BEZIER, SEGMENT_MOVE = 0, 1, 2
ERROR_FORMAT, ERROR_PASSWORD, ERROR_SECURITY = 3, 4, 5
BGR = 2
RENDER_ANNOTATIONS = 0x01

init = raw.FPDF_InitLibrary
