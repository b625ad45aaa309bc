"""Which clauses are actions: features of a clause in its sentence, weighed by a linear model.

Means (坚持…, 依托…, 发挥…优势), results (形成…格局, 让…) and closing purposes (提升…水平) stand
beside actions in the same sentence and look alike. ``data/frames.tsv`` names their patterns; position, kind
of object and the verb tip the balance, and how often these words close sentences (``data/closing.tsv``).
The weights (``data/weights.json``) are trained by ``scripts/train_actions.py``: logistic regression with L2
penalty over the features below.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from luoshi.extract import wording
from luoshi.extract.clauses import Clause
from luoshi.extract.parsed import Parsed
from luoshi.extract.wording import pattern
from luoshi.text.lexicon import mapping, table

_GENERIC = pattern("kind-generic")
_NUMBER = pattern("kind-number")
_CONCRETE_MARK = pattern("kind-concrete-mark")
_CLOSING_WORDS = frozenset(
    [
        "不断",
        "更好",
        "切实",
        "进一步",
        "全面",
        "持续",
        "有效",
        "真正",
        "更加",
        "充分",
        "大力",
        "着力",
        "努力",
        "加快",
        "积极",
        "深入",
        "有力",
        "稳步",
    ]
)
_FRONTS = frozenset(("means1", "means2"))
_HAN = pattern("kind-han")


@dataclass(frozen=True, slots=True)
class View:
    """A clause as the model sees it: its parts, its frame, its place among the clauses of the sentence."""

    clause: Clause
    parsed: Parsed
    frame: str
    index: int
    count: int


@cache
def _frames() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    rows = table("luoshi.extract", "frames.tsv")
    return tuple((r[0], f"{r[0]}{n}", re.compile(r[1])) for n, r in enumerate(rows))


@cache
def _any_frame() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{rule.pattern})" for _, _, rule in _frames()))


def frame(text: str, parsed: Parsed) -> tuple[str, str]:
    """Group and name of the first pattern of ``frames.tsv`` that the clause fits, empty where none does."""
    if parsed.modal in wording.group("negative"):
        return "", ""
    if parsed.shape == "purpose":
        return "means", "means-purpose"
    begin = parsed.body
    plain = begin
    while any(a == plain for a, _ in parsed.modifiers):
        plain = next(b for a, b in parsed.modifiers if a == plain)
    verb = parsed.verb[0] if parsed.verb else -1
    fits_any = _any_frame().match
    if fits_any(text[begin:]) is None and (plain == begin or fits_any(text[plain:]) is None):
        return "", ""  # most clauses fit none
    for kind, name, rule in _frames():
        fits = rule.match(text[begin:]) or (kind == "result" and plain > begin and rule.match(text[plain:]))
        fronts = kind == "means" and verb > begin and (parsed.preposition or name in _FRONTS)
        if fits and not fronts:
            return kind, name
    return "", ""


@cache
def _closing() -> dict[tuple[str, str], float]:
    return {(r[0], r[1]): float(r[2]) for r in table("luoshi.extract", "closing.tsv")}


@cache
def _object_heads() -> dict[str, str]:
    return mapping("luoshi.extract", "object_heads.tsv")


@lru_cache(maxsize=8192)
def _kind_of_end(end: str) -> str:
    heads = _object_heads()
    return next((heads[end[-n:]] for n in range(len(end), 1, -1) if end[-n:] in heads), "")


def object_kind(text: str) -> str:
    """``abstract``, ``state`` or ``concrete`` by the object's last word, empty for others."""
    return _kind_of_end(text[-8:])


def features(views: Sequence[View], i: int) -> dict[str, float]:
    """The features of clause ``i`` of a sentence, by name."""
    view = views[i]
    text, parsed = view.clause.text, view.parsed
    out = {"bias": 1.0, f"how:{parsed.how}": 1.0, f"shape:{parsed.shape}": 1.0}
    place = _place(view)
    out[f"place:{place}"] = 1.0
    if view.frame:
        out[f"frame:{view.frame}"] = 1.0
        out[f"frame:{view.frame.rstrip('0123456789')}"] = 1.0
        out[f"frame:{view.frame.rstrip('0123456789')}&{place}"] = 1.0
    _verb_features(text, parsed, place, out)
    _object_features(views, i, place, out)
    for a, b in parsed.modifiers:
        if text[a:b] in _CLOSING_WORDS:
            out[f"mod:{text[a:b]}"] = 1.0
            if place == "last":
                out[f"mod:{text[a:b]}&last"] = 1.0
    _company_features(views, i, place, out)
    if parsed.modal:
        out["modal"] = 1.0
    if parsed.actor:
        out["actor"] = 1.0
    if parsed.preposition:
        out[f"prep:{parsed.preposition}"] = 1.0
    if _NUMBER.search(text):
        out["number"] = 1.0
    if i and views[i - 1].frame:
        out[f"before:{views[i - 1].frame.rstrip('0123456789')}"] = 1.0
    return out


def _company_features(views: Sequence[View], i: int, place: str, out: dict[str, float]) -> None:
    """Where the clause stands, how often its words close sentences, what company it keeps."""
    view = views[i]
    text, parsed = view.clause.text, view.parsed
    if parsed.verb is None:
        return
    verb = text[parsed.verb[0] : parsed.verb[1]][:2]
    known = _closing()
    lean = known.get(("verb", verb), 0.0)
    if parsed.object is not None:
        head = known.get(("head", text[parsed.object[1] - 2 : parsed.object[1]]), 0.0)
        out["closing:head"] = head
        lean += head
        out[f"closing:{place}"] = lean
        if place == "last" and view.count == 2:
            out["closing:second of two"] = lean
    out["closing:verb"] = known.get(("verb", verb), 0.0)
    if place == "last":
        out["last of two" if view.count == 2 else "last of many"] = 1.0
    others = [
        v.clause.text[v.parsed.verb[0] : v.parsed.verb[1]][:2]
        for k, v in enumerate(views)
        if k != i and v.parsed.verb is not None
    ]
    if verb in others:
        out["verb: repeated"] = 1.0
    if i and place != "first" and others and "r" in wording.verb_flags(verb):
        before = views[i - 1].parsed.verb
        flags = wording.verb_flags(views[i - 1].clause.text[before[0] : before[1]]) if before else ""
        out["after result" if "r" in flags else "after plain"] = 1.0


def _place(view: View) -> str:
    if view.count == 1:
        return "only"
    return "first" if view.index == 0 else "last" if view.index == view.count - 1 else "middle"


def _verb_features(text: str, parsed: Parsed, place: str, out: dict[str, float]) -> None:
    if parsed.verb is None:
        return
    verb = text[parsed.verb[0] : parsed.verb[1]]
    flags = wording.verb_flags(verb)
    out[f"verb:{verb[:2]}"] = 1.0
    for flag in "rkn":
        if flag in flags:
            out[f"flag:{flag}"] = 1.0
    if "r" in flags:
        out[f"result&{place}"] = 1.0


def _object_features(views: Sequence[View], i: int, place: str, out: dict[str, float]) -> None:
    view = views[i]
    text, parsed = view.clause.text, view.parsed
    if parsed.object is None:
        out["object:none"] = 1.0
        return
    a, b = parsed.object
    thing, masked = text[a:b], view.clause.masked[a:b]
    kind = object_kind(thing)
    verb = text[parsed.verb[0] : parsed.verb[1]] if parsed.verb else ""
    result = "r" in wording.verb_flags(verb)
    if kind:
        out[f"object:{kind}"] = 1.0
        if result:
            out[f"object:{kind}&result"] = 1.0
            out[f"object:{kind}&result&{place}"] = 1.0
    n = len(thing)
    out["object:short" if n < 5 else "object:mid" if n < 12 else "object:long"] = 1.0
    if _CONCRETE_MARK.search(masked):
        out["object:named"] = 1.0
    if _GENERIC.search(thing):
        out["object:generic"] = 1.0
        if result:
            out["object:generic&result"] = 1.0
    if i and result and _shares(thing, "".join(v.clause.text for v in views[:i])):
        out["object:shared&result"] = 1.0


def _shares(thing: str, before: str) -> bool:
    """Whether the object takes up two characters that stand together in an earlier clause."""
    return any(
        m.group()[k : k + 2] in before for m in _HAN.finditer(thing) for k in range(len(m.group()) - 1)
    )


@cache
def weights() -> dict[str, float]:
    """The trained weights by feature name."""
    text = files("luoshi.extract").joinpath("data", "weights.json").read_text(encoding="utf-8")
    return {str(k): float(v) for k, v in json.loads(text)["weights"].items()}


def score(found: dict[str, float]) -> float:
    """Log-odds that a clause with these features is an action."""
    w = weights()
    return sum(w.get(name, 0.0) * value for name, value in found.items())
