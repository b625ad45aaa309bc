"""From a candidate to a commitment's fields: what is proposed to the reviewer, and what its anchor keeps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from luoshi.text.anchors import around
from luoshi_web.library.models import Candidate, Provision
from luoshi_web.register import relations, scoring
from luoshi_web.register.models import Commitment, Tag
from luoshi_web.ui import labels

ROLES = (("lead", "牵头"), ("responsible", "责任"), ("support", "配合"))
_ROLE = {
    "牵头": "lead", "牵头单位": "lead", "lead": "lead", "责任": "responsible", "责任单位": "responsible",
    "responsible": "responsible", "配合": "support", "配合单位": "support", "support": "support",
}  # fmt: skip


def anchor(candidate: Candidate) -> dict[str, Any]:
    """The candidate's place."""
    return {
        "key": candidate.key, "start": candidate.start, "end": candidate.end, "quote": candidate.quote,
        "prefix": candidate.prefix, "suffix": candidate.suffix,
    }  # fmt: skip


def original(candidate: Candidate) -> dict[str, Any]:
    """The machine's proposal, kept with the decision."""
    deadline = candidate.deadline
    return {
        "type": candidate.type, "verb": candidate.verb, "object": candidate.object,
        "modifiers": candidate.modifiers, "actor": candidate.actor, "units": candidate.units,
        "deadline": [deadline.quote, deadline.since, deadline.until] if deadline else None,
        "ongoing": candidate.ongoing, "targets": candidate.targets, "places": candidate.places,
        "strength": candidate.strength, "domain": candidate.domain,
    }  # fmt: skip


def draft(candidate: Candidate) -> dict[str, Any]:
    """A commitment's fields as proposed from a candidate, its anchor among them."""
    deadline = candidate.deadline
    chapter, label = whereabouts(candidate.provision)
    return {
        **anchor(candidate),
        "text": candidate.quote,
        "kind": candidate.type,
        "type": scoring.type_of(candidate),
        "criterion": "；".join(t["quote"] for t in candidate.targets if t.get("quote")),
        "units": list(candidate.units),
        "deadline": deadline.until if deadline else "",
        "deadline_quote": deadline.quote if deadline else "",
        "deadline_explanation": deadline.explanation if deadline else "",
        "ongoing": candidate.ongoing,
        "targets": list(candidate.targets),
        "places": list(candidate.places),
        "strength": candidate.strength,
        "domain": candidate.domain,
        "chapter": chapter,
        "place_label": label,
        "score": scoring.score(candidate),
    }


def part(candidate: Candidate, drafted: dict[str, Any], text: str) -> dict[str, Any]:
    """The fields of one part of a split: its own place where its words stand in the quote."""
    out: dict[str, Any] = {"text": text}
    at = candidate.quote.find(text)
    if at >= 0:
        start, end = candidate.start + at, candidate.start + at + len(text)
        prefix, suffix = around(candidate.version.text, start, end)
        out |= {"start": start, "end": end, "quote": text, "prefix": prefix, "suffix": suffix, "key": ""}
    targets = [t for t in drafted["targets"] if t.get("quote", "") in text]
    places = [p for p in drafted["places"] if p.get("quote", "") in text]
    return out | {
        "targets": targets, "places": places, "criterion": "；".join(t["quote"] for t in targets),
    }  # fmt: skip


def merged(candidates: Sequence[Candidate]) -> dict[str, Any]:
    """The fields of a merge: the first's, with units, targets, places of all, the latest deadline."""
    drafts = [draft(c) for c in candidates]
    out = dict(drafts[0])
    for name in ("units", "targets", "places"):
        seen: list[Any] = []
        for d in drafts:
            seen += [x for x in d[name] if x not in seen]
        out[name] = seen
    last = max(drafts, key=lambda d: d["deadline"])
    out |= {n: last[n] for n in ("deadline", "deadline_quote", "deadline_explanation")}
    out["text"] = "；".join(d["text"].rstrip("。；") for d in drafts)
    out["criterion"] = "；".join(d["criterion"] for d in drafts if d["criterion"])
    out["ongoing"] = any(d["ongoing"] for d in drafts)
    out["strength"] = max(d["strength"] for d in drafts)
    out["score"] = min(d["score"] for d in drafts)
    return out


def whereabouts(provision: Provision | None) -> tuple[str, str]:
    """The chapter (outermost node) and the labels from there down to a node."""
    chain: list[Provision] = []
    while provision is not None:
        chain.append(provision)
        provision = provision.parent
    chain.reverse()
    if not chain:
        return "", ""
    return str(chain[0])[:400], labels.joined(p.label for p in chain)[:200]


def tag(commitments: Iterable[Commitment]) -> None:
    """Writes units, places and relations of commitments anew, for facets."""
    rows = []
    some = list(commitments)
    for c in some:
        units = {(u.get("name", "")[:200], u.get("role", "")[:12]): None for u in c.units if u.get("name")}
        rows += [Tag(commitment=c, kind="unit", value=n, role=r) for n, r in units]
        places = {p.get("quote", "")[:200]: None for p in c.places if p.get("quote")}
        rows += [Tag(commitment=c, kind="place", value=v) for v in places]
    rows += relations.tags(some)
    Tag.objects.filter(commitment__in=some).delete()
    Tag.objects.bulk_create(rows, 500)


def units_text(units: Iterable[dict[str, Any]]) -> str:
    """Units for a form: ``牵头：甲、乙；责任：丙；配合：丁``."""
    by_role: dict[str, list[str]] = {}
    for u in units:
        by_role.setdefault(u.get("role") or "responsible", []).append(u.get("name", ""))
    return "；".join(f"{words}：{'、'.join(by_role[role])}" for role, words in ROLES if role in by_role)


def units_of(text: str, known: Iterable[dict[str, Any]] = ()) -> list[dict[str, Any]]:
    """Units from such a text; codes of names known before are kept; without a role they are responsible."""
    codes = {u.get("name"): u.get("code") for u in known}
    out: list[dict[str, Any]] = []
    for group in re.split(r"[；;\n]", text):
        role, names = "responsible", group
        if m := re.match(r"\s*([^：:]+)[：:](.*)", group):
            role, names = _ROLE.get(m[1].strip().lower(), "responsible"), m[2]
        for name in re.split(r"[、，,]", names):
            unit = {"name": name.strip(), "role": role, "code": codes.get(name.strip())}
            if unit["name"] and unit not in out:
                out.append(unit)
    return out
