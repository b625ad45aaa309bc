"""Bringing in units' answers from the Excel copies that they filled in."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from luoshi_web.audit.services import Refused, change, service
from luoshi_web.delivery import consulting, printing, selectors
from luoshi_web.delivery.importing import Line, Preview, Problem, body, check
from luoshi_web.delivery.models import Inquiry, LedgerImport


def preview_answers(imp: LedgerImport) -> Preview:
    """What a unit's file says to each of its rows, with what does not fit."""
    inquiry = imp.inquiry
    assert inquiry is not None
    rows = {i.code: i for i in selectors.asked(inquiry)}
    given = {o.item_id: o for o in inquiry.opinions.all()}
    out = Preview()
    seen: set[str] = set()
    for number, cells, _band in body(imp):
        code, _at, revision = cells.get("code", "").partition("@")
        said = printing.ANSWERS.get(cells.get("answer", "").strip().lower(), "")
        text = cells.get("opinion", "")
        item = rows.get(code)
        if item is None and not code and not said:
            continue
        line = Line(
            number, {"answer": said, "text": text, "task": cells.get("task", ""), "code": code}, item=item
        )
        line.action = "update" if item is not None and item.pk in given else "add"
        if item is None:
            line.problems.append(Problem("unknown", _("找不到编号“%s”对应的任务") % code, True))
        elif code in seen:
            line.problems.append(Problem("duplicate", _("编号 %s 重复") % code, True))
        elif not said:
            told = cells.get("answer", "")
            words = _("看不懂反馈“%s”") % told if told else _("没有填写反馈意见")
            line.problems.append(Problem("answer", words, True))
        elif said != "agree" and not text:
            line.problems.append(Problem("answer", _("没有写明意见"), True))
        elif revision and revision != str(item.revision):
            line.problems.append(Problem("stale", _("发出后任务已修改，反馈针对的是旧稿")))
        if item is not None and line.action == "update":
            old = given[item.pk]
            if (old.answer, old.text) != (said, text):
                line.problems.append(
                    Problem(
                        "conflict", _("将取代已有反馈：%s") % f"{old.get_answer_display()} {old.text}".strip()
                    )
                )
        if any(p.blocking for p in line.problems):
            line.action = "skip"
        seen.add(code)
        out.lines.append(line)
    for code, item in rows.items():
        if code not in seen:
            missing = Line(
                0, {"answer": "", "text": "", "task": item.text, "code": code}, item=item, action="skip"
            )
            missing.problems.append(Problem("missing", _("文件中缺少这一行"), True))
            out.lines.append(missing)
    return out


@service("delivery.import.apply-answers")
def apply_answers(*, by: Any, imp: LedgerImport, revision: int, signer: str = "") -> Inquiry:
    """Keeps the answers of a file; it must be whole."""
    check(by, imp)
    if imp.inquiry is None or imp.kind == "ledger":
        raise Refused(_("这不是一份反馈意见。"))
    found = preview_answers(imp)
    if bad := [p for line in found.lines for p in line.problems if p.blocking]:
        raise Refused(_("还有 %(n)d 处须先在文件中改正：%(first)s。") % {"n": len(bad), "first": bad[0].text})
    answers = {
        line.item.pk: (line.fields["answer"], line.fields["text"])
        for line in found.lines
        if line.item is not None
    }
    inquiry = imp.inquiry
    if imp.kind == "reply":
        kept = consulting.answer(
            by=by, inquiry=inquiry, revision=inquiry.revision, answers=answers, signer=signer, way="excel"
        )
    else:
        kept = consulting.transcribe(
            by=by, division=inquiry.consultation.division, inquiry=inquiry, revision=inquiry.revision,
            answers=answers, signer=signer,
        )  # fmt: skip
    change(imp, revision=revision, state="applied", result={"answers": len(answers)})
    return kept
