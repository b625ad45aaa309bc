"""Upload → job → document, as the pages and the real pipeline do it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from web_world import TEXT, World

from luoshi_web.audit.services import maintenance
from luoshi_web.library import jobs
from luoshi_web.library.models import Batch, Candidate, Comparison, Document, File, Job, Link


def upload(world: World, name: str, content: bytes | str, who: str = "drafter-city") -> Batch:
    data = content.encode() if isinstance(content, str) else content
    unit = world.units[who.split("-")[1]].pk
    form = {"owner": unit, "audience": "below", "files": [SimpleUploadedFile(name, data)], "paths": [name]}
    assert world.client(who).post("/library/upload", form).status_code == 302
    batch = Batch.objects.latest("pk")
    for kind in ("read", "compare"):
        for pk in Job.objects.filter(state="waiting", kind=kind).order_by("pk").values_list("pk", flat=True):
            jobs.run(pk)
    return batch


def test_what_was_read(world: World) -> None:
    d = world.document
    assert d.title == "江城市人民政府关于加快水利设施更新改造的实施意见"
    assert (d.number, d.level, d.date) == ("江政发〔2025〕7号", "city", "2025-05-12")
    assert Candidate.objects.filter(version=d.current, quote__contains="老旧泵站").exists()
    assert d.current.file.path.read_bytes() == TEXT.encode()


def test_the_reading_page_shows_every_character_and_marks(world: World) -> None:
    page = world.client("viewer-city").get(f"/library/documents/{world.document.pk}/").content.decode()
    import html
    import re

    article = re.search(r"<article.*?</article>", page, re.DOTALL)
    assert article
    body = re.sub(r"<header.*?</header>", "", article.group(), flags=re.DOTALL)
    text = html.unescape(re.sub(r"<[^>]+>", "", body))
    assert "".join(text.split()) == "".join(world.document.current.text.split())
    assert body.count("<mark") >= Candidate.objects.filter(version=world.document.current).count()


def test_the_same_content_is_recognised(world: World) -> None:
    before = Document.objects.count()
    batch = upload(world, "另存.txt", TEXT)
    job = batch.jobs.get()
    assert job.result == {"duplicate": True}
    assert Document.objects.count() == before and File.objects.count() == 1


def test_a_new_version_of_a_known_document(world: World) -> None:
    upload(world, "修订.txt", TEXT.replace("42座", "45座"))
    world.document.refresh_from_db()
    assert world.document.versions.count() == 2
    assert world.document.current.number == 2
    page = (
        world.client("viewer-city").get(f"/library/documents/{world.document.pk}/versions").content.decode()
    )
    assert "<del>42</del><ins>45</ins>" in page or "<del>42座</del><ins>45座</ins>" in page


def test_lower_documents_are_compared(world: World) -> None:
    lower = TEXT.replace("江城市人民政府", "柳溪县人民政府").replace(
        "江政发〔2025〕7号", "柳政发〔2025〕11号"
    )
    upload(world, "县.txt", lower.replace("5月12日", "6月20日").replace("42座", "6座"), who="drafter-county")
    comparison = Comparison.objects.get(upper=world.document.current)
    assert comparison.lower.document.level == "county"
    assert Link.objects.filter(comparison=comparison, relation="verbatim").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.txt", b""),
        ("broken.docx", b"PK\x03\x04 not a zip"),
        ("page.html", b"<html><script>alert(1)</script></html>"),
    ],
)
def test_what_cannot_be_read_says_so(world: World, name: str, content: bytes) -> None:
    batch = upload(world, name, content)
    page = world.client("drafter-city").get(f"/library/batches/{batch.pk}/").content.decode()
    job = batch.jobs.get()
    assert job.problems.exists() or job.file.problems.exists()
    assert "alert(1)" not in page
    assert "未读入" in page and "已读入 0／1" in page and "条待确认" not in page


def test_names_of_uploads_do_no_harm(world: World) -> None:
    upload(world, '<img src=x onerror="alert(1)">.txt', "关于果园的意见\n\n一、加快建设山地果园。\n")
    page = world.client("drafter-city").get("/library/").content.decode()
    assert "<img" not in page


def test_a_job_whose_worker_died_is_taken_up_again_then_fails_visibly(world: World) -> None:
    job = world.batch.jobs.get(kind="read")
    old = timezone.now() - jobs.STALE * 2
    for attempt in (1, 2, 3):
        with maintenance("a worker that died"):
            Job.objects.filter(pk=job.pk).update(state="running", heartbeat=old, attempts=attempt)
        jobs.rescue()
        job.refresh_from_db()
        assert job.state == ("waiting" if attempt < 3 else "failed")
    assert job.problems.get().code == "worker-died"


def test_a_running_job_is_not_run_twice(world: World, monkeypatch: Any) -> None:
    job = world.batch.jobs.get(kind="read")
    with maintenance("test"):
        Job.objects.filter(pk=job.pk).update(state="running", heartbeat=timezone.now())
    assert jobs._claim(job.pk) is None


def test_two_who_correct_a_document_at_once(world: World) -> None:
    one, two = world.client("drafter-city"), world.client("reviewer-city")
    form = {"title": "甲", "audience": "below", "revision": world.document.revision}
    url = f"/library/documents/{world.document.pk}/change"
    assert one.post(url, form).status_code == 302
    answer = two.post(url, {**form, "title": "乙"})
    assert answer.status_code == 409
    assert "已被他人修改" in answer.content.decode()


def test_pages_carry_a_strict_policy_and_no_inline_script(world: World) -> None:
    for who, url in (
        ("viewer-city", "/library/"),
        ("viewer-city", f"/library/documents/{world.document.pk}/"),
        ("audit_admin-city", "/audit/"),
        ("security_admin-city", "/organisation/accounts/"),
    ):
        answer = world.client(who).get(url)
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy and "script-src 'self'" in policy and "http" not in policy
        page = answer.content.decode()
        assert " style=" not in page and " onclick=" not in page and "<style" not in page
        assert "<script>" not in page and "http://" not in page and "https://" not in page
