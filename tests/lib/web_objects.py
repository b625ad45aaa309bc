"""For each route that needs them: the object in its address and the form sent. All belong to ``city``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from web_world import World

ADDRESS: dict[str, Callable[[World], dict[str, Any]]] = {
    "library:batch": lambda w: {"pk": w.batch.pk},
    "library:retry": lambda w: {"pk": w.batch.jobs.first().pk},
    "library:document": lambda w: {"pk": w.document.pk},
    "library:change": lambda w: {"pk": w.document.pk},
    "library:withdraw": lambda w: {"pk": w.document.pk},
    "library:versions": lambda w: {"pk": w.document.pk},
    "library:reading": lambda w: {"pk": w.document.current_id},
    "library:place": lambda w: {"pk": w.document.current_id, "start": 30},
    "library:original": lambda w: {"pk": w.document.current.file_id},
    "organisation:unit": lambda w: {"pk": w.units["city"].pk},
    "organisation:change_unit": lambda w: {"pk": w.units["city"].pk},
    "organisation:grant": lambda w: {"pk": w.accounts["viewer-city"].pk},
    "organisation:revoke": lambda w: {"pk": w.grant("viewer-city").pk},
    "organisation:set_active": lambda w: {"pk": w.accounts["viewer-city"].pk},
    "organisation:reset_password": lambda w: {"pk": w.accounts["viewer-city"].pk},
    "organisation:unlock": lambda w: {"pk": w.accounts["viewer-city"].pk},
    "audit:event": lambda w: {"pk": 1},
}

FORM: dict[str, Callable[[World], dict[str, Any]]] = {
    "library:upload": lambda w: {
        "owner": w.units["city"].pk,
        "audience": "below",
        "files": [SimpleUploadedFile("a.txt", "加快建设。".encode())],
    },
    "library:change": lambda w: {"title": "新题", "audience": "below", "revision": w.document.revision},
    "library:withdraw": lambda w: {"withdrawn": "1", "reason": "重复", "revision": w.document.revision},
}
