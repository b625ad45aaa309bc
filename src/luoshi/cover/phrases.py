"""A requirement taken apart: who is to act, the verb at its head, the phrases that name its objects.

修缮一批山区渡口和乡村码头 has two objects, of which each may be answered or lost; in 健全渡船船员培训机制
the head of the object (培训机制) counts besides what it is said of (渡船船员). Of an indicator its name
counts, not the figure: another figure is a change, no loss.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from luoshi.cover.clauses import PACKAGE, figure_of, is_exception, is_judgement, pieces, time_before
from luoshi.cover.words import Background, cut, means_something, rarity
from luoshi.text import tokens
from luoshi.text.lexicon import mapping, words

LIGHT, PLACE, LEADING, FIGURE = 0.3, 0.15, 0.35, 0.1
"""Factors for abstract words and addressees, for places (a lower document names its own), for the verb that
leads the clause (推动 for 促进 loses nothing), for numbers, times and what an indicator is compared with."""
SUBJECT = 0.35
"""Factor, and greatest weight, for words that stand all over the document."""
EXAMPLE, MODIFIER = 0.4, 0.7
"""Factors for what a list names as examples, where the class that they stand for is named too, and for what
stands before 的."""
KEY = 1.0
"""Weight from which a word names the matter of a requirement."""
HEAD = 1.2
"""Weight that the head of a phrase must have; a lighter one takes the word before it along."""

QUALITY = "化性度率"
"""Last characters of words that say how something should be."""
TOWARDS = frozenset({"面向", "针对", "围绕", "关于", "涉及", "有关", "按照", "根据"})
"""Verbs that the segmenter does not take for the prepositions that they are."""
BODIES = (
    "局",
    "厅",
    "委",
    "部",
    "办",
    "院",
    "府",
    "者",
    "人",
    "机构",
    "单位",
    "企业",
    "主体",
    "组织",
    "人员",
    "部门",
    "商会",
)
"""Endings of the names of those who are to act."""
GOVERN = frozenset({"支持", "鼓励", "引导", "推动", "组织", "允许", "帮助", "促进"})
"""Verbs behind which somebody else's verb may follow (支持产地建设…设施)."""

_BREAKS = frozenset("xcpdrmqtuy")
_ADVERBS = frozenset({"d", "ad", "zg"})


@dataclass(frozen=True, slots=True)
class Word:
    """A content word of a clause with its span in the document and its weight.

    ``leading``: it belongs to the verb at the clause's head; ``addressee``: it says who is to act;
    ``figure``: a number, a time, or what an indicator is compared with; ``light``: said of anything (水平);
    ``subject``: what the whole document is about;
    ``phrase``: ordinal of the object phrase, -1 outside of one.
    """

    start: int
    end: int
    text: str
    tag: str
    weight: float
    leading: bool = False
    addressee: bool = False
    figure: bool = False
    light: bool = False
    subject: bool = False
    phrase: int = -1

    @property
    def names(self) -> bool:
        """Whether it is one of the words that name the matter."""
        return self.weight >= KEY and not (self.leading or self.addressee or self.figure or self.light)


@dataclass(frozen=True, slots=True)
class Phrase:
    """An object of a requirement: its span in the document, the ordinals of its words and of its head's.

    ``thing``: the last noun, where words of action follow it (水库 in 水库除险加固); ``example``: one of
    a list whose class is named behind it; ``modifier``: 的 follows; ``leans``: it only says
    how something should be (便利化程度), so that it needs the object before it.
    """

    start: int
    end: int
    words: tuple[int, ...]
    head: tuple[int, ...]
    thing: int = -1
    example: bool = False
    modifier: bool = False
    leans: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """A requirement's content words in order, and its objects."""

    words: tuple[Word, ...]
    phrases: tuple[Phrase, ...]


def taken_apart(
    text: str, offset: int = 0, background: Background | None = None, subject: frozenset[str] = frozenset()
) -> Parsed:
    """The words and objects of a requirement, spans moved by ``offset``.

    :param subject: words that stand all over the document, so that they tell little.
    """
    builder = _Builder(background, subject)
    for a, b in pieces(text):
        builder.piece(text[a:b], a + offset)
    return builder.done()


class _Builder:
    """Collects words and phrases piece by piece."""

    def __init__(self, background: Background | None, subject: frozenset[str]) -> None:
        self._background = background
        self._subject_words = subject
        self._classes = mapping(PACKAGE, "weights.tsv")
        self._roles = mapping(PACKAGE, "clauses.tsv")
        self.words: list[Word] = []
        self._spans: list[Phrase] = []
        self._open: list[tokens.Token] = []
        self._list = 0
        self._governs = False
        self._scope = -1
        self._time = 0
        self._building = words(PACKAGE, "building.tsv")

    def piece(self, text: str, offset: int) -> None:
        """Takes one comma clause in."""
        found = cut(text)
        limit = 0 if is_judgement(text) or is_exception(text) else figure_of(text)
        self._time = time_before(text)
        at = self._subject(found, offset)
        first = at
        at = self._lead(found, at, offset)
        self._governs = any(t.word in GOVERN for t in found[first:at])
        self._scope = _scope(found[at:]) if limit else -1
        self._list = len(self._spans)
        for i in range(at, len(found)):
            t = found[i]
            if limit is not None and t.start >= limit:
                self._close(offset)
                self._add(t, offset, figure=True)
            elif self._breaks(found, i):
                self._close(offset)
                if t.word in ("等", "等等") and i + 1 < len(found):
                    if found[i + 1].word in "“‘":  # a slogan for what was listed
                        limit = t.end
                    else:
                        self._spans[self._list :] = [
                            replace(p, example=True) for p in self._spans[self._list :]
                        ]
                if t.word == "的" and self._spans and self._spans[-1].end == t.start + offset:
                    self._spans[-1] = replace(self._spans[-1], modifier=True)
                if t.tag[0] in "mtva":
                    self._add(t, offset, figure=t.tag[0] in "mt", leading=t.tag[0] not in "mt")
            else:
                self._open.append(t)
        if self._governs:
            self._lighten(offset)
        self._close(offset)

    def _lighten(self, offset: int) -> None:
        """推动产业链延伸: the verb at the end is that of the clause."""
        if len(self._open) > 1 and (self._open[-1].tag == "v" or self._opens(self._open[-1].word)):
            t = self._open.pop()
            self._close(offset)
            self._add(t, offset, leading=True)

    def _subject(self, found: Sequence[tokens.Token], offset: int) -> int:
        """Who is to act, where a modal word follows (各级政府要…)."""
        roles = [self._roles.get(t.word, "") for t in found[:14]]
        modal = next((i for i, t in enumerate(found[:14]) if roles[i] == "modal" and t.word != "请"), -1)
        if found and found[0].tag[0] == "p":
            return 0
        end = modal
        if modal < 0:  # 市教育局负责编制…
            verb = next((i for i, role in enumerate(roles) if role in ("verb", "adverb")), -1)
            if verb > 0 and self._is_body(found[verb - 1].word):
                end = verb
        elif modal and not self._is_body(found[modal - 1].word):
            for t in found[:modal]:  # 招标投标应当公开透明: the matter stands first
                self._open.append(t)
                if t.tag[0] in _BREAKS:
                    self._open.pop()
                    self._close(offset)
            self._close(offset)
            return modal + 1
        for t in found[: max(0, end)]:
            self._add(t, offset, addressee=True)
        return modal + 1 if modal >= 0 else max(0, end)

    def _is_body(self, word: str) -> bool:
        return self._classes.get(word) == "addressee" or word.endswith(BODIES)

    def _lead(self, found: Sequence[tokens.Token], at: int, offset: int) -> int:
        """Adverbs and verbs at the head: all that are known as such, and one that is not."""
        plain = False
        for i in range(at, len(found)):
            t = found[i]
            if t.end <= self._time:
                self._add(t, offset, figure=True)
                continue
            known = self._opens(t.word) or (
                t.tag == "a" and i + 1 < len(found) and found[i + 1].tag[0] == "v"
            )
            after = i > at and self._roles.get(found[i - 1].word) == "adverb"
            verb = t.tag == "v" or (t.tag == "vn" and (after or rarity(t.word, self._background) < KEY + 1))
            if not (known or t.tag in _ADVERBS or (verb and not plain and i + 1 < len(found))):
                return i
            plain = plain or (verb and not known)
            self._add(t, offset, leading=True)
        return len(found)

    def _opens(self, word: str) -> bool:
        roles = ("verb", "adverb", "modal")
        if len(word) == 2 and word[-1] in "好牢实紧" and not tokens.known(word):
            return True  # 念好
        if len(word) == 4 and self._roles.get(word[:2]) in roles:
            return self._roles.get(word[2:]) in roles or word[2:] in words(PACKAGE, "building.tsv")
        return self._roles.get(word) in roles

    def _verb(self, t: tokens.Token) -> bool:
        role = self._roles.get(t.word)
        return t.tag in ("v", "ns") and (
            role == "verb" or len(t.word) == 1 or self._classes.get(t.word) == "verb"
        )

    def _breaks(self, found: Sequence[tokens.Token], i: int) -> bool:
        """Whether a token ends the phrase before it: a mark, a conjunction, a verb with an object."""
        t = found[i]
        if t.tag in ("ud", "uz") or (t.tag[0] == "d" and self._classes.get(t.word) == "abstract"):
            return False
        if t.tag[0] in _BREAKS or t.word in TOWARDS or t.word in ("与", "及", "和", "等"):
            return True
        if t.tag in ("a", "ad") and i + 1 < len(found) and not self._open:
            return self._manner(found, i)
        joined = i > 0 and found[i - 1].tag[0] in "cx" and not self._open  # 论证和建设油气管道
        if not self._verb(t) and not (
            t.tag in ("vn", "v") and t.word in self._building and (self._governs or joined)
        ):
            return False
        behind = found[i + 1 : i + 2]
        if not behind or behind[0].tag[0] in _BREAKS - {"m"}:
            return False
        return not self._open or self._classes.get(behind[0].word) != "abstract"  # 水源涵养工程

    def _manner(self, found: Sequence[tokens.Token], i: int) -> bool:
        """Whether a word of quality only says how the verb behind it is to be done (完整准确全面贯彻)."""
        while i < len(found) and found[i].tag in ("a", "ad", "d"):
            i += 1
        return i < len(found) and self._verb(found[i])

    def _close(self, offset: int) -> None:
        """Ends the open phrase."""
        some, self._open = self._open, []
        if any(means_something(t) for t in some):
            for t in some:
                self._add(t, offset, phrase=len(self._spans))
            self._spans.append(Phrase(some[0].start + offset, some[-1].end + offset, (), ()))

    def _add(
        self, t: tokens.Token, offset: int, *, leading: bool = False, addressee: bool = False,
        figure: bool = False, phrase: int = -1,
    ) -> None:  # fmt: skip
        if not means_something(t):
            return
        kind = self._classes.get(t.word, "")
        addressee = addressee or kind == "addressee"
        subject = t.word in self._subject_words
        scope = t.start == self._scope
        light = kind in ("abstract", "verb") or subject or scope
        weight = rarity(t.word, self._background)
        if figure or t.tag[0] in "mt" or t.end <= self._time:
            weight, figure = weight * FIGURE, True
        elif leading:
            weight *= LEADING
        elif scope or (t.tag == "ns" and kind != "thing"):
            weight *= PLACE
        elif subject:
            weight = min(weight * SUBJECT, SUBJECT)
        if light or addressee:
            weight *= LIGHT
        a, b = t.start + offset, t.end + offset
        self.words.append(
            Word(a, b, t.word, t.tag, weight, leading, addressee, figure, light, subject, phrase)
        )

    def done(self) -> Parsed:
        """All words in order and the phrases; where only verbs were found, they are the matter."""
        if sum(w.weight for w in self.words if w.phrase >= 0) < KEY:
            self._without_object()
        found = sorted(self.words, key=lambda w: w.start)
        members: list[list[int]] = [[] for _ in self._spans]
        for i, w in enumerate(found):
            if w.phrase >= 0:
                members[w.phrase].append(i)
        phrases = tuple(
            replace(p, words=tuple(some), head=_head(found, some), thing=_thing(found, some))
            for p, some in zip(self._spans, members, strict=True)
        )
        phrases = tuple(replace(p, leans=i > 0 and _leans(found, p)) for i, p in enumerate(phrases))
        return Parsed(tuple(found), _examples(found, phrases))

    def _without_object(self) -> None:
        """加强统筹协调: what stands behind the first verb is the matter."""
        verbs = [w for w in self.words if w.leading and not w.light]
        for i, w in enumerate(self.words):
            if w in verbs[1:] or verbs == [w]:
                self.words[i] = replace(w, leading=False, weight=w.weight / LEADING, phrase=len(self._spans))
                self._spans.append(Phrase(w.start, w.end, (), ()))


def _scope(found: Sequence[tokens.Token]) -> int:
    """Where the word stands that says for what area an indicator is given (牧区 in 牧区供水普及率), or -1.

    A lower document gives it for its own.
    """
    some = [t for t in found if means_something(t) and t.tag[0] not in "mt"]
    return some[0].start if len(some) > 1 and some[0].word[-1] in "区县域市省州旗" else -1


def _head(found: Sequence[Word], some: Sequence[int]) -> tuple[int, ...]:
    """The last words of a phrase that weigh something: what the rest is said of."""
    out: list[int] = []
    for i in reversed(some):
        if found[i].light and not out:
            continue
        out.append(i)
        if sum(found[j].weight for j in out) >= HEAD:
            break
    return tuple(sorted(out)) or tuple(some[-1:])


def _thing(found: Sequence[Word], some: Sequence[int]) -> int:
    """The last noun of a phrase that ends in words of action; -1 where it ends in a noun or has none."""
    acts = [found[i].tag in ("v", "vn") or found[i].text[-1] in QUALITY for i in some]
    if not acts or not acts[-1] or all(acts):
        return -1
    return some[max(n for n, act in enumerate(acts) if not act)]


def _leans(found: Sequence[Word], phrase: Phrase) -> bool:
    """Whether a phrase only says how something should be."""
    names = [found[i] for i in phrase.words if found[i].names]
    return len(names) == 1 and names[0].text[-1] in QUALITY


def _examples(found: Sequence[Word], phrases: tuple[Phrase, ...]) -> tuple[Phrase, ...]:
    """Whether what a list names are examples: only where a class of some weight is named behind them."""
    if not any(p.example for p in phrases):
        return phrases
    last = max(i for i, p in enumerate(phrases) if p.example)
    named = any(found[j].names for p in phrases[last + 1 : last + 2] for j in p.words)
    return phrases if named else tuple(replace(p, example=False) for p in phrases)


def weight_of(parsed: Parsed, phrase: Phrase) -> float:
    """What an object weighs within its requirement."""
    whole = sum(parsed.words[i].weight for i in phrase.words)
    return whole * (EXAMPLE if phrase.example else 1.0) * (MODIFIER if phrase.modifier else 1.0)


def weight(parsed: Parsed) -> float:
    """What all objects of a requirement weigh."""
    return sum(weight_of(parsed, p) for p in parsed.phrases)


def weighted(text: str, offset: int = 0, background: Background | None = None) -> list[Word]:
    """The content words of a requirement with their weights."""
    return list(taken_apart(text, offset, background).words)
