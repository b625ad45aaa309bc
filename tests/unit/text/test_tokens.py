"""Words with their places."""

from __future__ import annotations

import pytest

from luoshi.text import tokens

TEXTS = ["", "推进自贸试验区建设，到2030年完成5.5%。", "A级 \n景区\t👍“四好农村路”", "，。；"]


@pytest.mark.parametrize("text", TEXTS)
def test_words_cover_the_text(text: str) -> None:
    assert "".join(tokens.cut(text)) == text
    for token in tokens.tag(text):
        assert text[token.start : token.end] == token.word


def test_own_words_stay_whole() -> None:
    assert "自贸试验区" in tokens.cut("推进自贸试验区建设")
    assert tokens.known("众创空间")
