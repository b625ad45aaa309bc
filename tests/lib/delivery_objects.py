"""Objects of delivery that the routes' table needs: made for each request, and taken back with it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

LEDGER = "序号,任务事项,牵头单位,责任单位,完成时限\n1,更新老旧水表,江城市,柳溪县,2026年底前\n"


def division(w: Any) -> Any:
    """A division of the city with one item, which the city itself leads; the one made last."""
    from luoshi_web.delivery import items, services
    from luoshi_web.delivery.models import Division
    from luoshi_web.delivery.writing import Wanted

    known = Division.objects.filter(owner=w.units["city"]).order_by("pk").last()
    if known is not None:
        return known
    by = w.accounts["drafter-city"]
    made = services.add_division(by=by, owner=w.units["city"], title="水利设施更新分工方案")
    (item,) = items.compose(by=by, division=made, commitments=[w.commitment])
    fields = {"criterion": "四十二座泵站通过验收", "deadline": "2026-12-31"}
    wanted = [Wanted("lead", "江城市"), Wanted("responsible", "柳溪县")]
    items.change_item(by=by, item=item, revision=item.revision, fields=fields, wanted=wanted)
    return made


def item(w: Any) -> Any:
    """Its item."""
    return division(w).items.get()


def consultation(w: Any) -> Any:
    """A consultation of the city about it."""
    from luoshi_web.delivery import consulting

    d = division(w)
    return d.consultations.last() or consulting.open_round(
        by=w.accounts["drafter-city"],
        division=d,
        revision=d.revision,
        units=[w.units["city"]],
        kind="opinion",
        message="",
        due=None,
    )


def inquiry(w: Any) -> Any:
    """The question to the city."""
    return consultation(w).inquiries.get()


def opinion(w: Any) -> Any:
    """What the city answered."""
    from luoshi_web.delivery import consulting

    i = inquiry(w)
    if not i.opinions.exists():
        answers = {item(w).pk: ("change", "请由县里牵头")}
        consulting.answer(by=w.accounts["unit_officer-city"], inquiry=i, revision=i.revision, answers=answers)
    return i.opinions.get()


def issued(w: Any) -> Any:
    """The division once it was issued."""
    from luoshi_web.delivery import services
    from luoshi_web.delivery.models import Division

    d = division(w)
    by = w.accounts["supervisor-city"]
    if d.state != "issued":
        from datetime import date

        services.submit(by=w.accounts["drafter-city"], division=d, revision=d.revision)
        services.approve(by=by, division=d, revision=d.revision, approver="某市长", opinion="同意")
        services.issue(
            by=by, division=d, revision=d.revision, number="江政办〔2025〕1号", day=date(2025, 7, 1)
        )
    return Division.objects.get(pk=d.pk)


def ledger(w: Any) -> Any:
    """A ledger that waits."""
    from luoshi_web.delivery import importing
    from luoshi_web.delivery.models import LedgerImport

    known = LedgerImport.objects.filter(owner=w.units["city"], kind="ledger").last()
    return known or importing.receive_ledger(
        by=w.accounts["drafter-city"], owner=w.units["city"], division=division(w), name="台账.csv",
        data=LEDGER.encode(),
    )  # fmt: skip


def filled(w: Any) -> SimpleUploadedFile:
    """The city's answers in Excel."""
    import openpyxl

    from luoshi.report.division import as_xlsx
    from luoshi_web.delivery import printing, selectors

    i = inquiry(w)
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(printing.of_inquiry(i, selectors.asked(i), {}))))
    sheet = book.active
    heads = {c.value: c.column for row in sheet.iter_rows(max_row=4) for c in row if c.value}
    for row in sheet.iter_rows(min_row=4):
        if str(row[0].value or "").isdecimal():
            row[heads["反馈意见"] - 1].value = "同意"
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("反馈.xlsx", out.getvalue())


def _pk(make: Callable[[Any], Any]) -> Callable[[Any], dict[str, Any]]:
    return lambda w: {"pk": make(w).pk}


def _key(w: Any) -> dict[str, Any]:
    return {"key": inquiry(w).key}


def _unit(w: Any) -> dict[str, Any]:
    return {"pk": consultation(w).pk, "unit": w.units["city"].pk}


def _checked(w: Any) -> dict[str, Any]:
    return {"item": [f"{item(w).pk}:{item(w).revision}"]}


ADDRESS: dict[str, Callable[[Any], dict[str, Any]]] = {
    **{f"delivery:{n}": _pk(item) for n in ("item", "row", "change", "take", "attach", "cancel", "resolve")},
    "delivery:establish": _pk(item),
    "delivery:edit_cell": lambda w: {"pk": item(w).pk, "name": "leader"},
    "delivery:set_cell": lambda w: {"pk": item(w).pk, "name": "leader"},
    **{
        f"delivery:{n}": _pk(division)
        for n in (
            "division", "change_division", "pick", "compose", "rows", "submit", "decide", "issue", "revise",
            "export_division", "consult", "open_round", "resolve_all",
        )
    },
    "delivery:edition": lambda w: {"pk": issued(w).pk, "number": 1},
    "delivery:consultation": _pk(consultation),
    "delivery:close_round": _pk(consultation),
    "delivery:unit_file": _unit,
    "delivery:unit_upload": _unit,
    "delivery:handle": _pk(opinion),
    **{f"delivery:{n}": _key for n in ("answer", "send_answer", "answer_file", "answer_upload")},
    **{f"delivery:{n}": _pk(ledger) for n in ("import", "map_import", "apply_import", "drop_import")},
}  # fmt: skip
FORM: dict[str, Callable[[Any], dict[str, Any]]] = {
    "delivery:save_view": lambda w: {"name": "今年到期", "query": "year=2026"},
    "delivery:bulk": lambda w: _checked(w) | {"field": "leader", "value": "某市长"},
    "delivery:add_item": lambda w: {
        "owner": w.units["city"].pk,
        "origin": "instruction",
        "origin_title": "关于防汛的批示",
        "text": "核查病险水库",
    },
    "delivery:set_cell": lambda w: {"revision": item(w).revision, "value": "某市长"},
    "delivery:change": lambda w: {"revision": item(w).revision, "text": "更新泵站"},
    "delivery:take": lambda w: {"revision": item(w).revision, "offer": "x"},
    "delivery:attach": lambda w: {"revision": item(w).revision, "commitment": w.commitment.pk, "on": "1"},
    "delivery:resolve": lambda w: {"revision": item(w).revision, "name": "各县"},
    "delivery:resolve_all": lambda w: {"name": "各县"},
    "delivery:cancel": lambda w: {"revision": item(w).revision, "reason": "重复"},
    "delivery:establish": lambda w: {"revision": item(w).revision},
    "delivery:add_division": lambda w: {"owner": w.units["city"].pk, "title": "新方案", "reach": "below"},
    "delivery:change_division": lambda w: {
        "revision": division(w).revision,
        "title": "新题",
        "reach": "below",
    },
    "delivery:compose": lambda w: {"commitment": [w.commitment.pk], "how": "each"},
    "delivery:rows": lambda w: _checked(w) | {"how": "take-text"},
    "delivery:submit": lambda w: {"revision": division(w).revision},
    "delivery:decide": lambda w: {"revision": division(w).revision, "how": "approve", "approver": "某市长"},
    "delivery:issue": lambda w: {"revision": division(w).revision, "number": "1号", "day": "2025-07-01"},
    "delivery:revise": lambda w: {"revision": division(w).revision, "reason": "机构调整"},
    "delivery:open_round": lambda w: {"revision": division(w).revision, "unit": [w.units["city"].pk]},
    "delivery:close_round": lambda w: {"revision": consultation(w).revision, "reason": "到期"},
    "delivery:unit_upload": lambda w: {"file": filled(w)},
    "delivery:handle": lambda w: {"revision": opinion(w).revision, "how": "reject", "reason": "职责明确"},
    "delivery:send_answer": lambda w: {"revision": inquiry(w).revision, f"answer-{item(w).pk}": "agree"},
    "delivery:answer_upload": lambda w: {"file": filled(w)},
    "delivery:add_import": lambda w: {
        "file": SimpleUploadedFile("台账.csv", LEDGER.encode()),
        "owner": w.units["city"].pk,
    },
    "delivery:map_import": lambda w: {"revision": ledger(w).revision, "sheet": "0", "header": "1"},
    "delivery:apply_import": lambda w: {"revision": ledger(w).revision},
}
