"""Coverage of one upper document's requirements by one lower document."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

from luoshi.cover.lost import lost_phrases
from luoshi.cover.measure import Answer, Lower, answer, answer_at
from luoshi.cover.near import answer_by_words, near_misses
from luoshi.cover.requirements import ORDERING, Requirement, requirements
from luoshi.cover.words import Background, Word, weighted
from luoshi.model import CoverageRow, Document, DocumentRow, IdMaker, LinkRow
from luoshi.model.records import Direction, Status

CARRIED, STRANGER, ALONE = 0.47, 0.62, 0.75
"""Share of a requirement's weight from which on it counts as carried: by a document that answers the upper
one closely; by one that has little to do with it, where shared words are mostly chance; and by such a one
where no link leads from the requirement either."""
TAKEN_UP = 0.04
"""Share of the upper document's wording that a lower one must take up to be asked for all of it."""
STEP = 0.07
"""So far below that it counts as partly carried."""
CLOSELY, RELATED = 0.8, 0.4
"""Share from which a requirement is answered almost in its own words; share of requirements so answered
from which the lower document counts as an answer to the upper one."""
KEY, TOUCHED = 1.0, 0.35
"""Weight from which a word names the matter of a requirement; match from which a place touches on it."""
SURE = 0.4
"""Score from which a link with little wording in common counts at all."""
HINT = 0.25
"""Share from which a link with little wording in common lifts a requirement from absent to partly."""


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
    vocabulary = {w: i for i, w in enumerate(dict.fromkeys(w.text for _, some in required for w in some))}
    matched = place.match(list(vocabulary))
    articles = place.by_article(matched)
    found = _Links([x for x in links if x.relation != "specified" or x.score >= SURE])
    make = IdMaker(f"{upper.id}\t{lower.id}")
    provisional = lower.row.text_status != "full"
    out: list[CoverageRow] = []
    places = [[vocabulary[w.text] for w in some] for _, some in required]
    answers = [answer(some, matched[i], articles[i]) for (_, some), i in zip(required, places, strict=True)]
    closeness = _closeness(answers)
    for (r, some), rows, best in zip(required, places, answers, strict=True):
        mine = found.touching(r)
        status = _status(best, some, mine, closeness)
        if status == "absent" and (frame := place.same_frame(upper.text[r.start : r.end])) >= 0:
            status, best = "partly", answer_at(some, matched[rows], articles[rows], frame)
        by = mine if status != "absent" else []
        answered = _answered(place, by, best if status != "absent" else None)
        near = () if status == "carried" else near_misses(place, some, matched[rows], answered)
        if status != "absent" and not by:
            near = answer_by_words(place, some, matched[rows], best) + near
        evidence = upper.evidence(r.start, r.end)
        out.append(
            CoverageRow(
                id=make("coverage", evidence.quote),
                evidence=evidence,
                lower_document=lower.id,
                status=status,
                by=tuple(x.id for x in by),
                lost=lost_phrases(evidence.quote, r.start, some, _carried(best, status, some)),
                near=near,
                provisional=provisional,
            )
        )
    return tuple(out)


@lru_cache(maxsize=128)
def _required(
    upper: Document, background: Background | None
) -> tuple[tuple[Requirement, tuple[Word, ...]], ...]:
    return tuple(
        (r, tuple(weighted(upper.text[r.start : r.end], r.start, background))) for r in requirements(upper)
    )


@lru_cache(maxsize=128)
def _lower(lower: Document, background: Background | None) -> Lower:
    return Lower(lower, background)


class _Links:
    """Links of one pair, found by their place in the upper document."""

    def __init__(self, links: Sequence[LinkRow]) -> None:
        self._links = sorted(links, key=lambda x: (x.upper.start, x.lower.start, x.id))
        self._starts = [x.upper.start for x in self._links]
        self._longest = max((x.upper.end - x.upper.start for x in links), default=0)

    def touching(self, r: Requirement) -> list[LinkRow]:
        """Links that touch the requirement with a third of the shorter of the two, best first."""
        out = []
        first = bisect_left(self._starts, r.start - self._longest)
        for x in self._links[first : bisect_left(self._starts, r.end)]:
            common = min(x.upper.end, r.end) - max(x.upper.start, r.start)
            if common * 3 >= min(x.upper.end - x.upper.start, r.end - r.start):
                out.append(x)
        return sorted(out, key=lambda x: (-x.score, x.lower.start, x.id))


def _closeness(answers: Sequence[Answer]) -> float:
    """How closely the lower document answers the upper one: 0 not at all, 1 most of it almost word for word.

    The more requirements a document answers in their own words, the likelier it answers the rest in others;
    in an unrelated one the same share of common words is chance.
    """
    return min(1.0, sum(_share(a) >= CLOSELY for a in answers) / max(1, len(answers)) / RELATED)


def _share(best: Answer) -> float:
    return (best.score + best.article) / 2


def _status(best: Answer, some: Sequence[Word], links: Sequence[LinkRow], closeness: float) -> Status:
    """Carried, partly or absent: by the share of its words that stand together somewhere, or by its links."""
    share = _share(best)
    enough = CARRIED + (1 - closeness) * ((STRANGER if links else ALONE) - CARRIED)
    if share >= enough:
        return "carried"
    worded = any(x.relation != "specified" for x in links)
    if share >= enough - STEP or worded or (links and share >= HINT) or _touched(best, some, closeness):
        return "partly"
    return "absent"


def _touched(best: Answer, some: Sequence[Word], closeness: float) -> bool:
    """Whether one article speaks of the matter: it holds at least two of the words that name it and a third
    of them (a half in a document that has little to do with the upper one), or the only one. A single word
    of several may stand for something else there (口岸 as a hub)."""
    keys = [
        m
        for w, m in zip(some, best.matched, strict=True)
        if w.weight >= KEY and not w.leading and not w.addressee
    ]
    count = sum(m >= TOUCHED for m in keys)
    needed = 3 if closeness > 0.5 else 2
    return count == len(keys) == 1 or (count >= 2 and needed * count >= len(keys))


def _carried(best: Answer, status: Status, some: Sequence[Word]) -> Sequence[float]:
    """How well each word is carried; where nothing answers the requirement, none is."""
    return best.matched if status != "absent" else [0.0] * len(some)


def _answered(place: Lower, by: Sequence[LinkRow], best: Answer | None) -> set[int]:
    """Ordinals of the sentences that answer a requirement."""
    out = {place.sentence_at(x.lower.start) for x in by}
    if best is not None and best.window >= 0:
        out.add(place.windows[best.window].sentence)
    return out
