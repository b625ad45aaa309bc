"""Why a place is no answer is told in English too; what is quoted stays as it is."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator

import pytest
from django.utils.translation import override

from luoshi.cover import near
from luoshi_web.register.templatetags.comparing import near_reason

_QUOTED = re.compile("“[^”]*”")


def _sentences() -> Iterator[str]:
    """The sentences that the code can say, with a word where they vary."""
    for node in ast.walk(ast.parse(inspect.getsource(near))):
        if isinstance(node, ast.Return | ast.Assign | ast.IfExp):
            some = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node.value]
            for value in some:
                if isinstance(value, ast.JoinedStr):
                    text = "".join(
                        str(v.value) if isinstance(v, ast.Constant) else "泵站" for v in value.values
                    )
                elif isinstance(value, ast.Constant) and isinstance(value.value, str):
                    text = value.value
                else:
                    continue
                if len(text) > 8 and "，未涉及" not in text:
                    yield text.replace("（泵站）", "（“泵站”“闸门”）")


@pytest.mark.parametrize("text", sorted(set(_sentences())))
def test_every_sentence_has_its_english(text: str) -> None:
    with override("en"):
        told, more = near_reason(text), near_reason(text + "，未涉及“堤防”“水库”")
    assert re.search("[a-z]{4}", told) and not re.search("[一-鿿]", _QUOTED.sub("", told))
    assert _QUOTED.findall(told) == _QUOTED.findall(text)
    assert more == f"{told}; not mentioned: “堤防”“水库”"
    with override("zh-hans"):
        assert near_reason(text) == text


def test_there_are_sentences_and_others_stay() -> None:
    assert len(set(_sentences())) >= 8
    with override("en"):
        assert near_reason("别的话") == "别的话"
        said = near_reason(near.reason("建设智慧泵站平台", "泵站", ["闸门"]))
    assert said.endswith("not mentioned: “闸门”")
