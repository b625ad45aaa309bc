"""Which sentences of two documents a shared passage joins."""

from __future__ import annotations

import numpy as np

from luoshi.align.passages import grams, joined, passages

SHARED = ("各乡镇要在秋收以前修好通往果园的道路", "疏通淤塞的水渠并补种防护林", "确保来年灌溉用水")
OWN = ("关于做好秋冬农田水利工作的通知", "请遵照执行", "本办法由水务部门负责解释")
OTHER = ("一九七九年的县志有不同记载", "附则另行公布")


def document(*sentences: str) -> tuple[np.ndarray, np.ndarray]:
    key = np.array([ord(c) for s in sentences for c in s], dtype=np.int32)
    return key, np.repeat(np.arange(len(sentences), dtype=np.int32), [len(s) for s in sentences])


def pairs(below: tuple[str, ...], above: tuple[str, ...]) -> set[tuple[int, int]]:
    (key, lower_of), (other, upper_of) = document(*below), document(*above)
    found = passages(grams(key, lower_of), grams(other, upper_of))
    rows, columns = joined(found, lower_of, upper_of)
    return set(zip(rows.tolist(), columns.tolist(), strict=True))


def test_sentences_at_one_place_of_a_passage_are_joined() -> None:
    got = pairs((OWN[0], *SHARED, OWN[1]), (*OTHER, *SHARED, OWN[2]))
    assert {(1, 2), (2, 3), (3, 4)} <= got
    assert all(1 <= a <= 3 and 2 <= b <= 4 for a, b in got)


def test_edited_and_moved_passages_are_joined() -> None:
    edited = SHARED[1].replace("淤塞", "堵塞")
    assert (0, 4) in pairs((SHARED[0], OWN[0], edited), (*OTHER, OWN[2], OWN[1], SHARED[0]))
    assert (0, 1) in pairs((edited + SHARED[2],), (OTHER[0], SHARED[1] + SHARED[2]))


def test_nothing_shared_nothing_joined() -> None:
    assert pairs(OWN, OTHER) == set()
    assert pairs((), SHARED) == set()
    assert pairs(SHARED, ()) == set()
    assert pairs(("短句",), ("短句",)) == set()


def test_a_sentence_repeated_very_often_is_bounded() -> None:
    got = pairs((SHARED[0],) * 3000, (SHARED[0],) * 3000)
    assert 0 < len(got) <= 3000 * 3
