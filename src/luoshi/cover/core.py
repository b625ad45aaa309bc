"""Coverage of one upper document's requirements by one lower document."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from luoshi.cover.answers import Answer, answer, at, nothing, touches
from luoshi.cover.lost import lost_phrases
from luoshi.cover.measure import Lower, Matched
from luoshi.cover.near import answer_by_words, near_misses
from luoshi.cover.phrases import KEY, Parsed, Phrase, taken_apart, weight, weight_of
from luoshi.cover.requirements import ORDERING, Requirement, requirements
from luoshi.cover.words import Background, content
from luoshi.model import CoverageRow, Document, DocumentRow, IdMaker, LinkRow, Near
from luoshi.model.records import Direction, Status

CARRIED, STRANGER, ALONE = 0.58, 0.66, 0.75
"""Share of a requirement's weight from which on it counts as carried: by a document that answers the upper
one closely; by one that has little to do with it, where shared words are mostly chance; and by such a one
where no link leads from the requirement either."""
PARTLY = 0.18
"""Share from which a requirement is partly carried."""
OBJECT = 0.28
"""How well at least one of its objects must then be answered."""
MASS = 6.0
"""Weight that must be answered where nothing else tells that the lower document answers the upper one: two
or three words of some rarity; half of it for an answer in part."""
SPREAD = 0.75
"""What objects are worth that a close document answers in several articles."""
HALF, MUCH, WHOLE = 0.41, 0.34, 0.75
"""Share of a requirement from which on it is not carried while one object of that size is lost."""
OFTEN, COMMON = 8, 0.1
"""Requirements, and share of them, beyond which a word that stands in so many tells little in any."""
SAYS = 2.0
"""Weight that a requirement must have for its words alone to carry it."""
TAKEN_UP = 0.04
"""Share of the upper document's wording that a lower one must take up to be asked for all of it."""
CLOSELY, RELATED = 0.8, 0.4
"""Share from which a requirement is answered almost in its own words; share of requirements so answered
from which the lower document counts as an answer to the upper one."""
SURE = 0.4
"""Score from which a link with little wording in common counts at all."""
TOUCHED, SAME = 0.25, 0.6
"""Share of a requirement that a link's lower end must answer for the link to count; share of the longer of
requirement and upper end that is common, from which the link is about nothing else and counts anyway."""
STATUTES, GONE = frozenset({"law", "regulation", "measures"}), 0.36
"""Kinds of documents whose every word binds, and the part of such a clause that may be lost at most while it
counts as carried."""
LENT = 0.12
"""What such a link of like wording adds to the share: it was found by more than single words."""

_AREA = re.compile("^(?:本行政区域内?|[本全我][省市县区](?:范围内)?)(?=.{2})")


def expected(
    upper: DocumentRow,
    lower: DocumentRow,
    direction: Direction,
    links: Sequence[LinkRow] | None = None,
) -> bool:
    """Whether the lower document could be expected to answer the upper one's requirements.

    It stands below it; or beside it and later, and is of a kind that orders things (a plan beside an opinion,
    a new version of a regulation). Neither is a media text; signed articles and digests of quotes answer
    nobody.

    :param links: the pair's links. Where given, the lower document must name the upper one or take up a
        :data:`TAKEN_UP` share of its wording; between any others nearly all would be absent.
    """
    if direction not in ("down", "level"):
        return False
    if "media" in (upper.branch, lower.branch, upper.level, lower.level):
        return False
    if direction == "level" and lower.kind not in ORDERING:
        return False
    if lower.kind in ("signed-article", "quotes", "commentary", "editorial"):
        return False
    return links is None or _names(lower, upper) or _taken_up(upper, links) >= TAKEN_UP


def _names(lower: DocumentRow, upper: DocumentRow) -> bool:
    """Whether the lower document cites the upper one by its number or title."""
    for cited in lower.cites:
        if cited.number and cited.number == upper.number:
            return True
        if len(cited.title) > 7 and (cited.title in upper.title or upper.title in cited.title):
            return True
    return False


def _taken_up(upper: DocumentRow, links: Sequence[LinkRow]) -> float:
    """Share of the upper document's characters that links of like wording lead from."""
    total, end = 0, 0
    for start, stop in sorted((x.upper.start, x.upper.end) for x in links if x.relation != "specified"):
        total += max(0, stop - max(start, end))
        end = max(end, stop)
    return total / max(1, upper.characters)


def cover(
    upper: Document,
    lower: Document,
    links: Sequence[LinkRow],
    candidates: Sequence[LinkRow] = (),
    background: Background | None = None,
) -> tuple[CoverageRow, ...]:
    """One row for each requirement of ``upper``, in its order.

    :param links: links whose lower end is in ``lower`` and whose upper end is in ``upper``.
    :param candidates: links below the threshold of the lineage step; they do not count, but show near misses.
    :param background: rarity and meaning of words; without it words weigh by their length and only the same
        words match.
    """
    required = _required(upper, background)
    place = _lower(lower, background)
    vocabulary = {w: i for i, w in enumerate(dict.fromkeys(w.text for _, p in required for w in p.words))}
    matched = place.match(list(vocabulary))
    found = _Links([x for x in links if x.relation != "specified" or x.score >= SURE])
    rows = [matched.rows([vocabulary[w.text] for w in p.words]) for _, p in required]
    answers = [answer(place, p, m) for (_, p), m in zip(required, rows, strict=True)]
    closeness = _closeness(answers)
    make = IdMaker(f"{upper.id}\t{lower.id}")
    out: list[CoverageRow] = []
    for (r, parsed), mine, best in zip(required, rows, answers, strict=True):
        judged = _judge(place, upper.text[r.start : r.end], parsed, mine, best, found.touching(r), closeness)
        evidence = upper.evidence(r.start, r.end)
        row = CoverageRow(
            id=make("coverage", evidence.quote),
            evidence=evidence,
            lower_document=lower.id,
            status=judged.status,
            by=tuple(x.id for x in judged.by),
            lost=_lost(place, evidence.quote, r.start, parsed, judged),
            near=_near(place, parsed, mine, judged),
            provisional=lower.row.text_status != "full",
        )
        out.append(_thinned(upper, row))
    return tuple(out)


@dataclass(frozen=True, slots=True)
class _Judged:
    """What became of a requirement: its status, the links that count, the place that answers it."""

    status: Status
    by: tuple[LinkRow, ...]
    answer: Answer


def _judge(
    place: Lower,
    text: str,
    parsed: Parsed,
    matched: Matched,
    best: Answer,
    links: Sequence[tuple[LinkRow, float]],
    closeness: float,
) -> _Judged:
    by: list[LinkRow] = []
    lent = 0.0
    worded = place.stands(text)
    favoured: list[int] = []
    for x, same in links:
        said = max((at(place, parsed, matched, c).share for c in place.clauses_in(x.lower)), default=0.0)
        if said < TOUCHED and (same < SAME or not _same_matter(parsed, x)):
            continue
        by.append(x)
        if same >= SAME and x.relation != "specified":
            favoured += place.clauses_in(x.lower)
        if same >= SAME and x.relation != "specified" and x.change != "narrowed":
            lent = max(lent, LENT * x.score)
    if worded >= 0:
        kept = Answer(worded, 1.0, 1.0, (1.0,) * len(parsed.phrases), (1.0,) * len(parsed.words))
        return _Judged("carried", tuple(by), kept)
    if favoured:
        best = answer(place, parsed, matched, favoured)
    status = _status(parsed, best, by, closeness, lent)
    if status == "partly" and not by and not touches(place, parsed, best.clause):
        status = "absent"
    frame, likeness = place.same_frame(text) if status == "absent" else (-1, 0.0)
    if frame >= 0:
        framed = at(place, parsed, matched, frame)
        return _Judged("carried" if likeness >= CLOSELY else "partly", tuple(by), framed)
    if status == "absent":
        return _Judged(status, (), nothing(parsed))
    return _Judged(status, tuple(by), best)


def _lost(place: Lower, quote: str, start: int, parsed: Parsed, judged: _Judged) -> tuple[str, ...]:
    """What is lost, without what stands word for word in the answering article or sentences after all."""
    lost = lost_phrases(quote, start, parsed, judged.answer.matched)
    if judged.status == "absent":
        return lost
    said = [place.document.sentences[place.sentence_at(x.lower.start)].evidence.quote for x in judged.by]
    if judged.answer.clause >= 0:
        said.append(place.article_text(judged.answer.clause))
    return tuple(x for x in lost if not any(_held(x, text) for text in said))


def _held(phrase: str, text: str) -> bool:
    """Whether a phrase stands in a text, at least without the area it speaks of (本行政区域内渔港工作)."""
    return phrase in text or _AREA.sub("", phrase) in text


def _thinned(upper: Document, row: CoverageRow) -> CoverageRow:
    """The row; a clause of a law, whose words are terms, is not carried while much of it is lost."""
    quote, lost = (sum(map(str.isalnum, t)) for t in (row.evidence.quote, "".join(row.lost)))
    much = row.status == "carried" and upper.row.kind in STATUTES and lost >= GONE * quote
    return replace(row, status="partly") if much else row


def _same_matter(parsed: Parsed, link: LinkRow) -> bool:
    """Whether a link that answers little by its words is about the matter at all: it has little wording in
    common by nature, or part of one of the words that name the matter."""
    names = [w.text for w in parsed.words if w.names]
    pieces = {name[i : i + 2] for name in names for i in range(len(name) - 1)}
    return link.relation == "specified" or not pieces or any(p in link.lower.quote for p in pieces)


def _near(place: Lower, parsed: Parsed, matched: Matched, judged: _Judged) -> tuple[Near, ...]:
    answered = {place.sentence_at(x.lower.start) for x in judged.by}
    if judged.answer.clause >= 0:
        answered.add(place.windows[judged.answer.clause].sentence)
    near = () if judged.status == "carried" else near_misses(place, parsed.words, matched.clauses, answered)
    if judged.status != "absent" and not judged.by:
        near = answer_by_words(place, parsed.words, matched.clauses, judged.answer) + near
    return near


@lru_cache(maxsize=128)
def _required(upper: Document, background: Background | None) -> tuple[tuple[Requirement, Parsed], ...]:
    found = requirements(upper)
    subject = _subject(upper, found)
    out = []
    for r in found:
        parsed = taken_apart(upper.text[r.start : r.end], r.start, background, subject)
        if weight(parsed) < SAYS:  # it asks for nothing but what the document is about
            parsed = taken_apart(upper.text[r.start : r.end], r.start, background)
        out.append((r, parsed))
    return tuple(out)


def _subject(upper: Document, found: Sequence[Requirement]) -> frozenset[str]:
    """What the whole document is about: words of its title, words that many of its requirements share."""
    counts = Counter(word for r in found for word in {t.word for t in content(upper.text[r.start : r.end])})
    often = max(OFTEN, COMMON * len(found))
    return frozenset(t.word for t in content(upper.row.title)) | {w for w, n in counts.items() if n > often}


@lru_cache(maxsize=128)
def _lower(lower: Document, background: Background | None) -> Lower:
    return Lower(lower, background)


class _Links:
    """Links of one pair, found by their place in the upper document."""

    def __init__(self, links: Sequence[LinkRow]) -> None:
        self._links = sorted(links, key=lambda x: (x.upper.start, x.lower.start, x.id))
        self._starts = [x.upper.start for x in self._links]
        self._longest = max((x.upper.end - x.upper.start for x in links), default=0)

    def touching(self, r: Requirement) -> list[tuple[LinkRow, float]]:
        """Links that touch the requirement with a third of the shorter of the two, best first, each with the
        share of the longer one that is common."""
        out = []
        first = bisect_left(self._starts, r.start - self._longest)
        for x in self._links[first : bisect_left(self._starts, r.end)]:
            common = min(x.upper.end, r.end) - max(x.upper.start, r.start)
            a, b = x.upper.end - x.upper.start, r.end - r.start
            if common * 3 >= min(a, b):
                out.append((x, common / max(a, b)))
        return sorted(out, key=lambda y: (-y[0].score, y[0].lower.start, y[0].id))


def _closeness(answers: Sequence[Answer]) -> float:
    """How closely the lower document answers the upper one: 0 not at all, 1 most of it almost word for word.

    The more requirements a document answers in their own words, the likelier it answers the rest in others;
    in an unrelated one the same share of common words is chance.
    """
    return min(1.0, sum(a.share >= CLOSELY for a in answers) / max(1, len(answers)) / RELATED)


def _status(parsed: Parsed, best: Answer, links: Sequence[LinkRow], closeness: float, lent: float) -> Status:
    """Carried, partly or absent: by the share of its objects that one article answers, and by its links."""
    share = max(best.share, SPREAD * closeness * best.spread) + lent
    enough = CARRIED + (1 - closeness) * ((STRANGER if links else ALONE) - CARRIED)
    whole = max(weight(parsed), KEY)
    if not links and whole < SAYS:
        return "absent"
    mass = 0.0 if links else (1 - closeness) * MASS / whole
    if share >= max(enough, mass) and (share >= WHOLE or not _loses_much(parsed, best)):
        return "carried"
    own = [
        o for p, o in zip(parsed.phrases, best.objects, strict=True) if not p.modifier and _heavy(parsed, p)
    ]
    if share >= max(PARTLY, mass / 2) and max(own or best.objects, default=0.0) >= OBJECT:
        return "partly"
    return "partly" if any(x.relation != "specified" for x in links) else "absent"


def _heavy(parsed: Parsed, phrase: Phrase) -> bool:
    return any(parsed.words[i].names for i in phrase.words)


def _loses_much(parsed: Parsed, best: Answer) -> bool:
    """Whether an object that is a good part of the requirement is not answered at all."""
    weights = [weight_of(parsed, p) for p in parsed.phrases]
    return any(
        o < HALF and w >= MUCH * sum(weights) and not p.example and not p.modifier
        for p, o, w in zip(parsed.phrases, best.objects, weights, strict=True)
    )
