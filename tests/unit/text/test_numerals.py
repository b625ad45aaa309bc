"""Numbers in digits and words."""

from __future__ import annotations

import pytest

from luoshi.text import numerals


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), ("１２", 12), ("十二", 12), ("二十", 20), ("一百零五", 105), ("二〇二七", 2027),
     ("两", 2), ("廿五", 25),
     ("三万五千", 35000), ("一亿二千万", 120_000_000), ("百", 100), ("〇", 0),
     ("", None), ("年", None), ("1.5", None)],
)  # fmt: skip
def test_parse_int(text: str, value: int | None) -> None:
    assert numerals.parse_int(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.5万", 15000), ("3,000", 3000), ("12.5%", 12.5), ("百分之八", 8), ("四分之一", 0.25), ("两成", 20),
     ("三成半", 35),
     ("3千亿", 3e11), ("一点五", 1.5), ("半", 0.5), ("二十三", 23), ("x", None), ("", None)],
)  # fmt: skip
def test_parse_number(text: str, value: float | None) -> None:
    assert numerals.parse_number(text) == value


@pytest.mark.parametrize(("text", "year"), [("2027", 2027), ("二〇二七", 2027), ("27", None), ("9999", None)])
def test_parse_year(text: str, year: int | None) -> None:
    assert numerals.parse_year(text) == year


def test_narrow_keeps_the_length() -> None:
    assert numerals.narrow("２０２７年５０％") == "2027年50%"
