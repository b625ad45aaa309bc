from __future__ import annotations

from dataclasses import replace

import made_records as made

from luoshi.report.accounting import accounts, union


def test_union() -> None:
    assert union([(5, 7), (0, 3), (2, 4), (4, 5), (9, 9)]) == [(0, 7)]
    assert union([]) == []


def test_every_character_is_in_a_sentence_or_left_out() -> None:
    for book in accounts(made.two()):
        assert book.missing == 0
        assert book.kept + book.dropped == book.total
        assert book.total > 250


def test_a_lost_sentence_shows_as_a_hole() -> None:
    records = made.two()
    lost = records.sentences.pop(3)
    book = accounts(records)[0]
    assert book.holes == (lost.evidence.source_span,)
    assert book.missing == len(lost.evidence.quote)


def test_what_is_left_out_of_the_middle_of_a_sentence_counts_once() -> None:
    records = made.two()
    sentence = records.sentences[3]
    assert sentence.evidence.source_span is not None
    start = sentence.evidence.source_span[0]
    inner = replace(records.dropped[0], id="x1", reason="page number", source_span=(start + 2, start + 5))
    records.dropped.append(inner)
    book = accounts(records)[0]
    assert book.kept + book.dropped == book.total
    assert book.missing == 0


def test_paged_sources_count_text() -> None:
    records = made.two()
    records.sentences = [
        replace(s, evidence=replace(s.evidence, source_span=None, boxes=((1, 0.0, 0.0, 9.0, 9.0),)))
        for s in records.sentences
    ]
    records.dropped.clear()
    book = accounts(records)[0]
    assert book.paged
    assert book.total == book.kept == sum(len(s.evidence.quote) for s in book.sentences)
