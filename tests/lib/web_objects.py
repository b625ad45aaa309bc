"""For each route that needs them: the object in its address and the form sent. All belong to ``city``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import delivery_objects
import web_api_objects
from django.core.files.uploadedfile import SimpleUploadedFile
from web_comparing import small, suspect, suspect_gap
from web_world import World


def _paged(w: World) -> dict[str, Any]:
    """The document as if it had a page, which cannot be shown; taken back with the request."""
    from luoshi_web.audit.services import maintenance

    with maintenance("test"):
        w.document.versions.update(pages=[1, 1])
    return {"pk": w.document.current_id, "number": 1}


def held() -> Any:
    """The holding of the city's one post."""
    from luoshi_web.organisation.models import Holding

    return Holding.objects.get()


ADDRESS: dict[str, Callable[[World], dict[str, Any]]] = {
    "library:batch": lambda w: {"pk": w.batch.pk},
    "library:retry": lambda w: {"pk": w.batch.jobs.first().pk},
    "library:document": lambda w: {"pk": w.document.pk},
    "library:change": lambda w: {"pk": w.document.pk},
    "library:withdraw": lambda w: {"pk": w.document.pk},
    "library:versions": lambda w: {"pk": w.document.pk},
    "library:reading": lambda w: {"pk": w.document.current_id},
    "library:place": lambda w: {"pk": w.document.current_id, "start": 30},
    "library:leaf": _paged,
    "library:picture": _paged,
    "library:original": lambda w: {"pk": w.document.current.file_id},
    "register:review": lambda w: {"pk": w.document.pk},
    "register:accept_above": lambda w: {"pk": w.document.pk},
    "register:merge": lambda w: {"pk": w.document.pk},
    "register:form": lambda w: {"pk": w.candidates()[1].pk, "action": "edit"},
    "register:decide": lambda w: {"pk": w.candidates()[1].pk, "action": "accept"},
    "register:settle": lambda w: {"pk": w.commitment.pk},
    "register:commitment": lambda w: {"pk": w.commitment.pk},
    "register:change": lambda w: {"pk": w.commitment.pk},
    "register:row": lambda w: {"pk": w.commitment.pk},
    "register:row_form": lambda w: {"pk": w.commitment.pk},
    "register:change_row": lambda w: {"pk": w.commitment.pk},
    "register:withdraw": lambda w: {"pk": w.commitment.pk},
    "register:sides": lambda w: {"pk": small(w).comparison.pk},
    "register:links_export": lambda w: {"pk": small(w).comparison.pk},
    "register:add_link": lambda w: {"pk": small(w).comparison.pk},
    "register:link": lambda w: (lambda p: {"pk": p.comparison.pk, "key": p.link().key})(small(w)),
    "register:judge": lambda w: (lambda p: {"pk": p.comparison.pk, "key": p.link().key})(small(w)),
    "register:cell": lambda w: (lambda p: {"pk": p.comparison.pk, "key": p.gap().key})(small(w)),
    "register:dispose": lambda w: (lambda p: {"pk": p.comparison.pk, "key": p.gap().key})(small(w)),
    "register:settle_link": lambda w: {"pk": suspect(w).pk},
    "register:settle_gap": lambda w: {"pk": suspect_gap(w).pk},
    **delivery_objects.ADDRESS,
    "organisation:unit": lambda w: {"pk": w.units["city"].pk},
    "organisation:change_unit": lambda w: {"pk": w.units["city"].pk},
    "organisation:add_post": lambda w: {"pk": w.units["city"].pk},
    "organisation:post": lambda w: {"pk": held().post_id},
    "organisation:change_post": lambda w: {"pk": held().post_id},
    "organisation:appoint": lambda w: {"pk": held().post_id},
    "organisation:relieve": lambda w: {"pk": held().pk},
    "organisation:person": lambda w: {"pk": held().person_id},
    "organisation:change_person": lambda w: {"pk": held().person_id},
    "organisation:account": lambda w: {"pk": w.accounts["viewer-city"].pk},
    "organisation:grant": lambda w: {"pk": w.accounts["viewer-city"].pk},
    "organisation:revoke": lambda w: {"pk": w.grant("viewer-city").pk},
    "organisation:set_active": lambda w: {"pk": w.accounts["viewer-city"].pk},
    "organisation:reset_password": lambda w: {"pk": w.accounts["viewer-city"].pk},
    "organisation:unlock": lambda w: {"pk": w.accounts["viewer-city"].pk},
    "audit:event": lambda w: {"pk": 1},
}

FORM: dict[str, Callable[[World], dict[str, Any]]] = {
    "organisation:add_unit": lambda w: {
        "parent": w.units["city"].pk,
        "name": "江城市水利局",
        "level": "city",
        "kind": "department",
    },
    "organisation:change_unit": lambda w: {"name": "江城市", "revision": w.units["city"].revision},
    "organisation:add_post": lambda w: {"name": "副市长"},
    "organisation:change_post": lambda w: {"name": "市长", "revision": held().post.revision},
    "organisation:appoint": lambda w: {"name": "周某", "since": "2026-01-01"},
    "organisation:relieve": lambda w: {"until": "2026-06-30"},
    "organisation:add_person": lambda w: {"name": "吴某"},
    "organisation:change_person": lambda w: {"name": "郑某", "revision": held().person.revision},
    **delivery_objects.FORM,
    "library:upload": lambda w: {
        "owner": w.units["city"].pk,
        "audience": "below",
        "files": [SimpleUploadedFile("a.txt", "加快建设。".encode())],
    },
    "library:change": lambda w: {"title": "新题", "audience": "below", "revision": w.document.revision},
    "library:withdraw": lambda w: {"withdrawn": "1", "reason": "重复", "revision": w.document.revision},
    "register:accept_above": lambda w: {"minimum": "0.5"},
    "register:merge": lambda w: {
        "candidate": [c.pk for c in w.candidates()[1:3]],
        "revisions": ["0", "0"],
        "text": "疏浚河道并管护",
    },
    "register:decide": lambda w: {"revision": "0"},
    "register:settle": lambda w: {
        "revision": w.commitment.revision,
        "how": "withdraw",
        "reason": "新版已删去",
    },
    "register:save_view": lambda w: {"name": "今年到期", "query": "year=2026"},
    "register:change": lambda w: {
        "text": "更新泵站",
        "type": "quantitative",
        "revision": w.commitment.revision,
    },
    "register:change_row": lambda w: {
        "text": "更新泵站",
        "type": "quantitative",
        "revision": w.commitment.revision,
    },
    "register:change_many": lambda w: {
        "pick": [f"{w.commitment.pk}:{w.commitment.revision}"],
        "what": "deadline",
        "value": "2027-06-30",
    },
    "register:withdraw": lambda w: {"revision": w.commitment.revision, "reason": "已由别的文件规定"},
    "register:judge": lambda w: {"revision": "0", "verdict": "rejected", "reason": "说的不是一件事"},
    "register:add_link": lambda w: {
        "upper": "21-40",
        "lower": "16-30",
        "relation": "specified",
        "reason": "同一件事",
    },
    "register:dispose": lambda w: {"revision": "0", "disposition": "arranged", "reason": "另发文部署"},
    "register:settle_link": lambda w: {"revision": "2", "how": "confirm"},
    "register:settle_gap": lambda w: {"revision": "2", "how": "confirm"},
}
ADDRESS |= web_api_objects.ADDRESS
FORM |= web_api_objects.FORM
