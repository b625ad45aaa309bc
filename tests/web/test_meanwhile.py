"""What somebody else did between the page that a user saw and his write: the write sees it."""

from __future__ import annotations

from typing import Any

import pytest
from delivery_steps import composed, issue, ready
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from web_world import TEXT, World

from luoshi_web.audit.services import SYSTEM, Conflict, Refused
from luoshi_web.delivery import consulting, items, services
from luoshi_web.delivery.models import Division, Inquiry, WorkItem
from luoshi_web.library import jobs
from luoshi_web.library.models import Candidate, Document, Version
from luoshi_web.library.services import change_document, receive, withdraw
from luoshi_web.organisation import services as organisation
from luoshi_web.register import services as register


@pytest.fixture
def drafted(world: World) -> Division:
    return ready(world, composed(world, 2)[0])


def seen(division: Division) -> WorkItem:
    """An item as a page loaded it, its division with it."""
    return WorkItem.objects.select_related("division", "owner").filter(division=division).order_by("pk")[0]


def test_an_item_is_not_changed_once_its_division_was_sent_up(world: World, drafted: Division) -> None:
    by, item = world.accounts["drafter-city"], seen(drafted)
    services.submit(by=by, division=Division.objects.get(pk=drafted.pk), revision=drafted.revision)
    for write in (
        lambda: items.change_item(by=by, item=item, revision=item.revision, fields={"text": "换了"}),
        lambda: items.cancel(by=by, item=item, revision=item.revision, reason="换了"),
        lambda: items.arrange(by=by, division=drafted, ids=[item.pk]),
        lambda: items.compose(by=by, division=drafted, commitments=[world.commitment]),
    ):
        with pytest.raises((Refused, Conflict)):
            write()
    item.refresh_from_db()
    assert item.text != "换了" and item.state == "proposed"


def test_a_unit_does_not_answer_once_the_round_is_closed(world: World, drafted: Division) -> None:
    by = world.accounts["drafter-city"]
    made = consulting.open_round(
        by=by, division=drafted, revision=drafted.revision, units=[world.units["city"]], kind="opinion",
        message="", due=None,
    )  # fmt: skip
    asked = Inquiry.objects.select_related("consultation__division", "unit").get(consultation=made)
    answers = {i.pk: ("agree", "") for i in WorkItem.objects.filter(division=drafted)}
    consulting.close(by=by, consultation=made, revision=made.revision, reason="到期")
    with pytest.raises(Refused, match="已经结束"):
        consulting.answer(
            by=world.accounts["unit_officer-city"], inquiry=asked, revision=asked.revision, answers=answers
        )


def test_an_issued_item_stays(world: World, drafted: Division) -> None:
    item = seen(drafted)
    issue(world, Division.objects.get(pk=drafted.pk))
    with pytest.raises((Refused, Conflict)):
        items.change_item(
            by=world.accounts["drafter-city"], item=item, revision=item.revision, fields={"text": "换了"}
        )


def test_no_verdict_on_a_document_that_was_withdrawn_or_has_a_new_version(world: World) -> None:
    by = world.accounts["reviewer-city"]
    candidate = Candidate.objects.select_related("version__document__owner").order_by("start")[1]
    document = Document.objects.get()
    document = withdraw(
        by=world.accounts["drafter-city"], document=document, revision=document.revision, withdrawn=True,
        reason="重复",
    )  # fmt: skip
    with pytest.raises(Refused, match="撤下"):
        register.accept(by=by, candidate=candidate, revision=0)
    withdraw(
        by=world.accounts["drafter-city"], document=document, revision=document.revision, withdrawn=False,
        reason="恢复",
    )  # fmt: skip
    upload(world, "drafter-city", "city", TEXT.replace("42座", "45座"))
    assert Version.objects.count() == 2
    with pytest.raises(Refused, match="新版"):
        register.reject(by=by, candidate=candidate, revision=0, reason="不是任务")


def upload(world: World, who: str, owner: str, text: str, audience: str = "own") -> Any:
    """What came of a file that somebody sent for a unit."""
    batch = receive(
        by=world.accounts[who], owner=world.units[owner], audience=audience, max_bytes=1 << 20,
        files=[SimpleUploadedFile("水利.txt", text.encode())],
    )  # fmt: skip
    job = batch.jobs.get(kind="read")
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def test_a_file_that_another_unit_keeps_for_itself_is_read_for_ours_too(world: World) -> None:
    document = world.document
    change_document(
        by=world.accounts["drafter-city"], document=document, revision=document.revision,
        fields={"audience": "own", "title": "不给人看的标题"},
    )  # fmt: skip
    job = upload(world, "drafter-other", "other", TEXT)
    assert job.state == "done" and "duplicate" not in job.result, job.problems.values()
    client = world.client("drafter-other")
    (pk,) = job.result["documents"]
    assert client.get(f"/library/documents/{pk}/").status_code == 200
    page = client.get(f"/library/batches/{job.batch_id}/").content.decode()
    assert "不给人看的标题" not in page
    assert "不给人看的标题" not in client.get("/library/").content.decode()
    # the second time it is known, by its own document
    again = upload(world, "drafter-other", "other", TEXT)
    assert again.result == {"duplicate": True}
    page = client.get(f"/library/batches/{again.batch_id}/").content.decode()
    assert f"/library/documents/{pk}/" in page and "不给人看的标题" not in page
    for waiting in type(job).objects.filter(kind="compare", state="waiting"):
        jobs.run(waiting.pk)
    assert not type(job).objects.filter(kind="compare").exclude(state="done").exists()


def test_two_who_make_the_same_at_once(world: World) -> None:
    from django.db import IntegrityError

    from luoshi_web.ui import errors

    answer = errors.explain(RequestFactory().get("/"), IntegrityError("unique"))
    assert answer is not None and answer.status_code == 409 and "同时有人" in answer.content.decode()


def test_a_role_that_was_taken_away_meanwhile(world: World) -> None:
    grant = world.grant("viewer-city")
    stale = type(grant).objects.get(pk=grant.pk)
    organisation.revoke_role(by=SYSTEM, grant=grant, reason="调离")
    organisation.revoke_role(by=SYSTEM, grant=stale, reason="调离")
    assert not type(grant).objects.filter(pk=stale.pk).exists()
