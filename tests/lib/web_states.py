"""What routes that write need before them, so that they take the form: ``STATE[route](world)`` makes it and
gives the address and the form. Routes that need nothing special have theirs in ``web_objects``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import delivery_objects as made
from delivery_steps import composed
from web_comparing import small
from web_world import World

Told = tuple[dict[str, Any], dict[str, Any]]


def _submitted(w: World) -> Any:
    from luoshi_web.delivery import services
    from luoshi_web.delivery.models import Division

    d = made.division(w)
    services.submit(by=w.accounts["drafter-city"], division=d, revision=d.revision)
    return Division.objects.get(pk=d.pk)


def _approved(w: World) -> Any:
    from luoshi_web.delivery import services

    d = _submitted(w)
    by = w.accounts["supervisor-city"]
    return services.approve(by=by, division=d, revision=d.revision, approver="某市长", opinion="同意")


def _decide(w: World) -> Told:
    d = _submitted(w)
    return {"pk": d.pk}, {"revision": d.revision, "how": "approve", "approver": "某市长"}


def _issue(w: World) -> Told:
    d = _approved(w)
    return {"pk": d.pk}, {"revision": d.revision, "number": "1号", "day": "2025-07-01"}


def _revise(w: World) -> Told:
    d = made.issued(w)
    return {"pk": d.pk}, {"revision": d.revision, "reason": "机构调整"}


def _establish(w: World) -> Told:
    from luoshi_web.delivery import items
    from luoshi_web.delivery.writing import Wanted

    fields = {
        "origin": "instruction", "origin_title": "关于防汛的批示", "text": "核查病险水库",
        "criterion": "逐座核查", "deadline": "2027-06-30",
    }  # fmt: skip
    it = items.add_item(
        by=w.accounts["drafter-city"], owner=w.units["city"], division=None, fields=fields,
        wanted=[Wanted("lead", "江城市")],
    )  # fmt: skip
    return {"pk": it.pk}, {"revision": it.revision}


def _class(w: World) -> Any:
    """An item given to a class of units."""
    from luoshi_web.delivery import items
    from luoshi_web.delivery.writing import Wanted

    it = made.item(w)
    wanted = [Wanted("lead", "江城市"), Wanted("responsible", "各县（区）人民政府", "text", "")]
    return items.change_item(
        by=w.accounts["drafter-city"], item=it, revision=it.revision, fields={}, wanted=wanted
    )


def _resolve(w: World) -> Told:
    it = _class(w)
    return {"pk": it.pk}, {"revision": it.revision, "name": "各县（区）人民政府"}


def _resolve_all(w: World) -> Told:
    return {"pk": _class(w).division_id}, {"name": "各县（区）人民政府"}


def _offer(w: World) -> tuple[Any, str]:
    from luoshi_web.delivery import items, proposals

    it = made.item(w)
    by = w.accounts["drafter-city"]
    it = items.change_item(by=by, item=it, revision=it.revision, fields={}, wanted=[])
    return it, proposals.for_item(by, it)[0].key


def _take(w: World) -> Told:
    it, key = _offer(w)
    return {"pk": it.pk}, {"revision": it.revision, "offer": key}


def _take_by_program(w: World) -> Told:
    it, key = _offer(w)
    return {"pk": it.pk, "key": key}, {"revision": it.revision}


def _merge(w: World) -> Told:
    division, some = composed(w, 2)
    return {"pk": division.pk}, {"items": [[i.pk, i.revision] for i in some], "due": "dated"}


def _retry(w: World) -> Told:
    from luoshi_web.audit.services import maintenance

    job = w.batch.jobs.filter(kind="read").first()
    with maintenance("test"):
        type(job).objects.filter(pk=job.pk).update(state="failed")
    return {"pk": job.pk}, {}


def _settle(w: World) -> Told:
    from luoshi_web.audit.services import maintenance

    with maintenance("test"):
        type(w.commitment).objects.filter(pk=w.commitment.pk).update(anchor_state="drifted")
    c = w.candidates()[1]
    return {"pk": w.commitment.pk}, {"revision": w.commitment.revision, "start": c.start, "end": c.end}


def _differs(w: World) -> Told:
    p = small(w)
    form = {"revision": 0, "verdict": "reasonable", "reason": "有依据"}
    return {"pk": p.comparison.pk, "key": p.link().key}, form


def _appoint(w: World) -> Told:
    from luoshi_web.audit.services import SYSTEM
    from luoshi_web.organisation import posts
    from luoshi_web.organisation.models import Post

    person = posts.add_person(by=SYSTEM, name="周某")
    return {"pk": Post.objects.get().pk}, {"person": person.pk, "since": date(2030, 1, 1).isoformat()}


def _attach(w: World) -> Told:
    from luoshi_web.register import services

    it = made.item(w)
    decision = services.accept(by=w.accounts["reviewer-city"], candidate=w.candidates()[1], revision=0)
    form = {"revision": it.revision, "commitment": decision.commitments.get().pk, "on": 1}
    return {"pk": it.pk}, form


def _order(w: World) -> Told:
    division, some = composed(w, 2)
    return {"pk": division.pk}, {"items": [i.pk for i in reversed(some)]}


def _drop(w: World) -> Told:
    from luoshi_web.register import services

    services.save_view(by=w.accounts["unit_officer-city"], name="今年", query="year=2026")
    return {"name": "今年"}, {}


def _post(w: World) -> Told:
    from luoshi_web.organisation.models import Post

    post = Post.objects.get()
    return {"pk": post.pk}, {"name": "副市长", "revision": post.revision}


STATE: dict[str, Callable[[World], Told]] = {
    "api:appoint": _appoint,
    "api:attach_source": _attach,
    "api:change_post": _post,
    "api:decide_division": _decide,
    "api:drop_view": _drop,
    "api:establish_item": _establish,
    "api:issue_division": _issue,
    "api:judge_difference": _differs,
    "api:merge_items": _merge,
    "api:order_items": _order,
    "api:resolve_class": _resolve,
    "api:retry_job": _retry,
    "api:revise_division": _revise,
    "api:settle_anchor": _settle,
    "api:take_proposal": _take_by_program,
    "delivery:attach": _attach,
    "delivery:decide": _decide,
    "delivery:establish": _establish,
    "delivery:issue": _issue,
    "delivery:resolve": _resolve,
    "delivery:resolve_all": _resolve_all,
    "delivery:revise": _revise,
    "delivery:take": _take,
    "library:retry": _retry,
    "organisation:add_account": lambda w: (
        {}, {"username": "new-one", "name": "新人", "unit": w.units["city"].pk},
    ),
    "organisation:change_post": _post,
    "organisation:change_unit": lambda w: (
        {"pk": w.units["city"].pk}, {"name": "江城新市", "revision": w.units["city"].revision},
    ),
    "site:language": lambda w: ({}, {"language": "en", "next": "/"}),
    "organisation:grant": lambda w: (
        {"pk": w.accounts["viewer-city"].pk}, {"role": "drafter", "unit": w.units["city"].pk},
    ),
}  # fmt: skip
