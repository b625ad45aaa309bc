"""Every field of every table has words in the audit, in both languages; so have the program's codes."""

from __future__ import annotations

import json

import pytest
from django.apps import apps
from django.utils.translation import override
from web_world import World

from luoshi_web.audit import words

OWN = sorted(
    (m for m in apps.get_models() if m.__module__.startswith("luoshi_web")), key=lambda m: m._meta.label
)


@pytest.mark.parametrize("model", OWN, ids=lambda m: str(m._meta.label))
def test_every_field_has_words(model: type) -> None:
    fields = [f for f in model._meta.concrete_fields if f.name != "id"]  # type: ignore[attr-defined]
    with override("zh-hans"):
        told = {n: words._label(model, n) for f in fields for n in (f.name, f.attname)}
    assert not [n for n, said in told.items() if said.isascii()]


@pytest.mark.parametrize(
    ("of", "after", "said"),
    [
        ("library.document", {"genre": "opinion", "level": "city"}, {"意见", "市级"}),
        ("register.commitment", {"kind": "goal", "domain": "agriculture"}, {"指标", "农业农村"}),
        ("delivery.inquiry", {"answers": {"RW-AAAAAAA": "agree"}}, {"RW-AAAAAAA：同意"}),
        ("register.commitment", {"units": [{"name": "某局", "role": "lead"}]}, {"名称：某局；角色：牵头"}),
        ("library.batch", {"files": [{"name": "甲.pdf", "bytes": 3}]}, {"名称：甲.pdf；字节：3"}),
        ("organisation.account", {"username": "other"}, {"other"}),
    ],
)
def test_codes_have_words(of: str, after: dict[str, object], said: set[str]) -> None:
    with override("zh-hans"):
        assert {new for _n, _old, new in words.changes(of, "", json.dumps(after))} == said


def test_people_go_by_their_names(world: World) -> None:
    client = world.client("audit_admin-city")
    name = world.accounts["reviewer-city"].name
    page = client.get(f"/audit/?actor={name}").content.decode()
    assert f"<td>{name} <span" in page and "drafter-city</span>" not in page
    assert client.get("/audit/?type=审核意见").content.decode().count('class="number"><a') == 1
