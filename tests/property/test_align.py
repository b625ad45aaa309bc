"""Properties of alignment on texts put together at random from invented clauses."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from made_texts import LOWER, UPPER, document

from luoshi.align import Alignment, align, pairs, rank, sources
from luoshi.model import Document

CLAUSES = [c for c in (UPPER + LOWER).replace("\n", "。").replace("，", "。").split("。") if c]
text = st.lists(
    st.tuples(st.sampled_from(CLAUSES), st.sampled_from(["，", "。", "；", "\n", "：", ""])), max_size=14
).map(lambda parts: "".join(a + b for a, b in parts))
anything = st.text(alphabet=st.sampled_from(list("湖泊，。；\n一、1.（）“”🙂 a1")), max_size=40)


def two(a: str, b: str) -> tuple[Document, Document]:
    return (
        document(a, id="a", level="province", date="2031-05-01"),
        document(b, id="b", level="central", date="2031-01-01"),
    )


def found(low: Document, up: Document) -> Alignment:
    (pair,) = pairs([up, low])
    return align(low, up, pair)


@given(text | anything, text | anything)
@settings(deadline=None, max_examples=60)
def test_quotes_are_the_text_and_keep_to_their_sentences(a: str, b: str) -> None:
    low, up = two(a, b)
    out = found(low, up)
    for x in (*out.links, *out.candidates):
        for end, made in ((x.lower, low), (x.upper, up)):
            assert end.quote
            assert made.text[end.start : end.end] == end.quote
            assert any(s.evidence.start <= end.start and end.end <= s.evidence.end for s in made.sentences)
        assert 0 <= x.score <= 1
        assert 0 <= x.stock <= 1
    ids = [x.id for x in out.links]
    assert len(ids) == len(set(ids))


@given(text, text)
@settings(deadline=None, max_examples=30)
def test_the_same_input_gives_the_same_links(a: str, b: str) -> None:
    assert found(*two(a, b)) == found(*two(a, b))


@given(text, text, st.randoms())
@settings(deadline=None, max_examples=30)
def test_rank_and_sources_do_not_mind_the_order(a: str, b: str, random: object) -> None:
    low, up = two(a, b)
    links = list(found(low, up).links)
    ranked = rank(links)
    shuffled = list(links)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert rank(shuffled) == ranked
    assert sources([low, up], shuffled) == sources([low, up], ranked)
    for row in sources([low, up], ranked):
        assert 0 < row.unique_characters <= row.characters
        assert 0 < row.share <= 1


@given(text)
@settings(deadline=None, max_examples=30)
def test_a_text_carries_on_itself_word_for_word(a: str) -> None:
    """Every sentence of some length that stands in both is linked to its twin."""
    low, up = two(a, a)
    links = found(low, up).links
    for x in links:
        if x.lower.start == x.upper.start and x.lower.end == x.upper.end and len(x.lower.quote) > 9:
            assert x.relation == "verbatim"
