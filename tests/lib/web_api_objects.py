"""For each operation of the interface: the object in its address and what is sent. All belong to ``city``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import delivery_objects as made
from django.core.files.uploadedfile import SimpleUploadedFile
from web_comparing import small, suspect, suspect_gap
from web_world import World


def feed(w: World) -> str:
    """The secret of a calendar's address."""
    from luoshi_web.api.tokens import make

    return make(by=w.accounts["viewer-city"], name="日历", feed=True)[1]


def held() -> Any:
    """The holding of the city's one post."""
    from luoshi_web.organisation.models import Holding

    return Holding.objects.get()


def token(w: World, name: str) -> Any:
    """A token of an account."""
    from luoshi_web.api.tokens import make

    return make(by=w.accounts[name], name="测试", scopes=["library:read"])[0]


def _decided(w: World) -> int:
    """A candidate that somebody decided about."""
    return int(w.candidates()[0].pk)


def _document(w: World) -> dict[str, Any]:
    return {"pk": w.document.pk}


def _version(w: World) -> dict[str, Any]:
    return {"pk": w.document.current_id}


def _candidate(w: World) -> dict[str, Any]:
    return {"pk": w.candidates()[1].pk}


def _commitment(w: World) -> dict[str, Any]:
    return {"pk": w.commitment.pk}


def _pair(w: World) -> dict[str, Any]:
    return {"pk": small(w).comparison.pk}


def _account(w: World) -> dict[str, Any]:
    return {"pk": w.accounts["viewer-city"].pk}


def _link(w: World) -> dict[str, Any]:
    p = small(w)
    return {"pk": p.comparison.pk, "key": p.link().key}


def _gap(w: World) -> dict[str, Any]:
    p = small(w)
    return {"pk": p.comparison.pk, "key": p.gap().key}


ADDRESS: dict[str, Callable[[World], dict[str, Any]]] = {
    "access:calendar": lambda w: {"secret": feed(w)},
    "access:revoke": lambda w: {"pk": 1},  # nobody's: one's own stands in test_api
    "api:document": _document,
    "api:change_document": _document,
    "api:withdraw_document": _document,
    "api:document_versions": _document,
    "api:version": _version,
    "api:version_difference": _version,
    "api:reading": _version,
    "api:original_file": lambda w: {"pk": w.document.current.file_id},
    "api:one_upload": lambda w: {"pk": w.batch.pk},
    "api:retry_job": lambda w: {"pk": w.batch.jobs.first().pk},
    "api:candidates": _document,
    "api:accept": _candidate,
    "api:split": _candidate,
    "api:reject": _candidate,
    "api:reopen": lambda w: {"pk": _decided(w)},
    "api:merge": _document,
    "api:accept_above": _document,
    "api:commitment": _commitment,
    "api:change_commitment": _commitment,
    "api:withdraw_commitment": _commitment,
    "api:settle_anchor": _commitment,
    "api:commitment_history": _commitment,
    "api:commitment_lineage": _commitment,
    "api:drop_view": lambda w: {"name": "今年"},
    "api:comparison": _pair,
    "api:links": _pair,
    "api:add_link": _pair,
    "api:judge_link": _link,
    "api:judge_difference": _link,
    "api:settle_suspect": lambda w: {"pk": suspect(w).pk},
    "api:coverage": _document,
    "api:dispose_gap": _gap,
    "api:take_back_disposition": lambda w: {"pk": suspect_gap(w).pk},
    "api:settle_disposition": lambda w: {"pk": suspect_gap(w).pk},
    "api:unit": lambda w: {"pk": w.units["city"].pk},
    "api:change_unit": lambda w: {"pk": w.units["city"].pk},
    "api:grant_role": _account,
    "api:revoke_role": lambda w: {"pk": w.grant("viewer-city").pk},
    "api:set_account_active": _account,
    "api:reset_password": _account,
    "api:unlock_account": _account,
    "api:event": lambda w: {"pk": 1},
    "api:one_table": lambda w: {"name": "commitments"},
}
ADDRESS |= {
    f"api:{n}": lambda w: {"pk": made.item(w).pk}
    for n in ("item", "change_item", "cancel_item", "establish_item", "attach_source", "item_proposals")
}
ADDRESS |= {
    f"api:{n}": lambda w: {"pk": made.division(w).pk}
    for n in (
        "division", "division_items", "change_division", "compose_items", "merge_items", "order_items",
        "submit_division", "decide_division", "issue_division", "revise_division", "open_consultation",
        "division_opinions",
    )
}  # fmt: skip
ADDRESS |= {
    "api:division_editions": lambda w: {"pk": made.issued(w).pk},
    "api:handle_opinion": lambda w: {"pk": made.opinion(w).pk},
    "api:close_consultation": lambda w: {"pk": made.consultation(w).pk},
    "api:inquiry": lambda w: {"key": made.inquiry(w).key},
    "api:answer_inquiry": lambda w: {"key": made.inquiry(w).key},
}
ADDRESS |= {
    "api:change_post": lambda w: {"pk": held().post_id},
    "api:appoint": lambda w: {"pk": held().post_id},
    "api:relieve": lambda w: {"pk": held().pk},
    "api:change_person": lambda w: {"pk": held().person_id},
}
ADDRESS |= {
    f"api:{n}": lambda w: {"pk": made.ledger(w).pk}
    for n in ("one_import", "import_rows", "map_import", "apply_import", "drop_import")
}
ADDRESS |= {f"api:{n}": lambda w: {"pk": made.item(w).pk} for n in ("item_classes", "resolve_class")}
ADDRESS["api:take_proposal"] = lambda w: {"pk": made.item(w).pk, "key": "0"}
QUERY: dict[str, Callable[[World], str]] = {
    "api:version_difference": lambda w: f"?old={w.document.current_id}",
    "api:search": lambda w: "?q=泵站",
}
"""What stands behind the address."""
FORM: dict[str, Callable[[World], dict[str, Any]]] = {
    "access:make": lambda w: {"name": "测试", "scope": ["library:read"], "days": "30"},
    "api:change_document": lambda w: {"title": "新题", "revision": w.document.revision},
    "api:withdraw_document": lambda w: {"reason": "重复", "revision": w.document.revision},
    "api:upload": lambda w: {
        "owner": w.units["city"].pk,
        "files": [SimpleUploadedFile("a.txt", "加快建设。".encode())],
    },
    "api:accept": lambda w: {"revision": 0},
    "api:split": lambda w: {"revision": 0, "texts": ["疏浚河道", "严禁侵占"]},
    "api:reject": lambda w: {"revision": 0, "reason": "不是任务"},
    "api:reopen": lambda w: {"revision": 1, "reason": "重看"},
    "api:merge": lambda w: {
        "candidates": [c.pk for c in w.candidates()[1:3]],
        "revisions": [0, 0],
        "text": "疏浚河道并管护",
    },
    "api:accept_above": lambda w: {"minimum": 0.5},
    "api:change_commitment": lambda w: {"revision": w.commitment.revision, "text": "更新泵站"},
    "api:withdraw_commitment": lambda w: {"revision": w.commitment.revision, "reason": "已由别的文件规定"},
    "api:settle_anchor": lambda w: {"revision": w.commitment.revision},
    "api:save_view": lambda w: {"name": "今年", "query": "year=2026"},
    "api:add_link": lambda w: {
        "upper": [21, 40],
        "lower": [16, 30],
        "relation": "specified",
        "reason": "同一件事",
    },
    "api:judge_link": lambda w: {"revision": 0, "verdict": "confirmed"},
    "api:judge_difference": lambda w: {"revision": 0, "verdict": "local", "reason": "有依据"},
    "api:settle_suspect": lambda w: {"revision": 2, "how": "confirm"},
    "api:dispose_gap": lambda w: {"revision": 0, "disposition": "arranged", "reason": "另发文部署"},
    "api:take_back_disposition": lambda w: {"revision": 2, "reason": "再议"},
    "api:settle_disposition": lambda w: {"revision": 2, "how": "confirm"},
    "api:add_unit": lambda w: {"parent": w.units["city"].pk, "name": "江城市水利局"},
    "api:change_unit": lambda w: {"revision": w.units["city"].revision, "short_name": "江城"},
    "api:add_account": lambda w: {"username": "new-one", "name": "新人"},
    "api:grant_role": lambda w: {"role": "drafter", "unit": w.units["city"].pk},
    "api:revoke_role": lambda w: {"reason": "调离"},
    "api:set_account_active": lambda w: {"active": False, "reason": "调离"},
    "api:reset_password": lambda w: {"reason": "忘记"},
}
FORM |= {
    "api:add_item": lambda w: {
        "owner": w.units["city"].pk,
        "origin": "instruction",
        "origin_title": "关于防汛的批示",
        "text": "核查病险水库",
    },
    "api:change_item": lambda w: {"revision": made.item(w).revision, "text": "更新泵站"},
    "api:cancel_item": lambda w: {"revision": made.item(w).revision, "reason": "重复"},
    "api:establish_item": lambda w: {"revision": made.item(w).revision},
    "api:attach_source": lambda w: {"revision": made.item(w).revision, "commitment": w.commitment.pk},
    "api:add_division": lambda w: {"owner": w.units["city"].pk, "title": "新方案"},
    "api:change_division": lambda w: {"revision": made.division(w).revision, "title": "新题"},
    "api:compose_items": lambda w: {"commitments": [w.commitment.pk]},
    "api:merge_items": lambda w: {"items": []},
    "api:order_items": lambda w: {},
    "api:submit_division": lambda w: {"revision": made.division(w).revision},
    "api:decide_division": lambda w: {"revision": made.division(w).revision, "how": "approve"},
    "api:issue_division": lambda w: {"revision": made.division(w).revision, "day": "2025-07-01"},
    "api:revise_division": lambda w: {"revision": made.division(w).revision, "reason": "机构调整"},
    "api:open_consultation": lambda w: {
        "revision": made.division(w).revision,
        "units": [w.units["city"].pk],
    },
    "api:handle_opinion": lambda w: {"revision": made.opinion(w).revision, "adopt": True},
    "api:close_consultation": lambda w: {"revision": made.consultation(w).revision, "reason": "到期"},
    "api:answer_inquiry": lambda w: {
        "revision": made.inquiry(w).revision,
        "answers": [{"item": made.item(w).pk, "answer": "agree"}],
    },
}
FORM |= {
    "api:change_commitments": lambda w: {
        "items": [[w.commitment.pk, w.commitment.revision]],
        "what": "deadline",
        "value": "2027-06-30",
    },
    "api:change_items": lambda w: {
        "owner": w.units["city"].pk,
        "items": [[made.item(w).pk, made.item(w).revision]],
        "field": "leader",
        "value": "某市长",
    },
    "api:add_post": lambda w: {"unit": w.units["city"].pk, "name": "副市长"},
    "api:change_post": lambda w: {"name": "市长", "revision": held().post.revision},
    "api:appoint": lambda w: {"person": held().person_id, "since": "2030-01-01"},
    "api:relieve": lambda w: {"until": "2026-06-30"},
    "api:add_person": lambda w: {"name": "吴某"},
    "api:change_person": lambda w: {"name": "郑某", "revision": held().person.revision},
}
FORM |= {
    "api:resolve_class": lambda w: {"revision": made.item(w).revision, "name": "各县"},
    "api:take_proposal": lambda w: {"revision": made.item(w).revision},
    "api:add_import": lambda w: {
        "file": SimpleUploadedFile("台账.csv", made.LEDGER.encode()),
        "owner": w.units["city"].pk,
    },
    "api:map_import": lambda w: {"revision": made.ledger(w).revision, "header": 1},
    "api:apply_import": lambda w: {"revision": made.ledger(w).revision},
}
