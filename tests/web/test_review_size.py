"""The review of a long document: no row of the list may cost the whole text again."""

from __future__ import annotations

import time

from django.db import connection
from django.test.utils import CaptureQueriesContext
from web_comparing import document
from web_world import World

from luoshi_web.audit.services import maintenance
from luoshi_web.library.models import Candidate, Sentence


def test_the_review_of_400_sentences_is_quick(world: World) -> None:
    words = tuple(f"第{i}项：在柳溪县新建{i}座泵站，配套渠道{i * 3}公里。" for i in range(401))
    made = document(world.units["city"], words, title="长文件")
    v = made.current
    units = [
        {"name": "市水利局", "role": "lead", "code": ""},
        {"name": "市财政局", "role": "support", "code": ""},
    ]
    with maintenance("made for a test"):
        for s in Sentence.objects.filter(version=v).order_by("start")[1:]:
            Candidate.objects.create(
                version=v, key=f"c{s.pk}", start=s.start, end=s.end, sentence=s, provision=s.provision,
                type="action", quote=v.text[s.start : s.end], verb="新建", object="泵站", units=units,
            )  # fmt: skip
    client, spent = world.client("reviewer-city"), []
    for _ in range(3):
        with CaptureQueriesContext(connection) as asked:
            began = time.process_time()
            page = client.get(f"/register/review/{made.pk}/").content.decode()
            spent.append(time.process_time() - began)
    assert page.count('data-state="pending"') == 400
    assert len(asked) < 25
    assert min(spent) < 0.45, spent  # 0.17 s on an idle machine, 0.55 s before
