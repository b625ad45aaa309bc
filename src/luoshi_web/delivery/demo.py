"""Delivery's part of the demo: a division that is issued, and one that units are asked about."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from luoshi.text.lexicon import table
from luoshi_web.audit.services import SYSTEM
from luoshi_web.delivery import consulting, items, proposals, selectors, services
from luoshi_web.delivery.models import Division, Origin, WorkItem
from luoshi_web.delivery.writing import Wanted
from luoshi_web.library.models import Document
from luoshi_web.organisation.models import Account, Unit
from luoshi_web.organisation.services import add_unit, change_unit
from luoshi_web.register.models import Commitment

LEADERS = {"province": ("周清河", "何秋原"), "city": ("沈砚", "乔远舟")}
"""Who leads, by the level of the division's owner."""
OFFICERS = (("shishangwu", "市商务局联络员", "云州市商务局"), ("shishuili", "市水利局联络员", "云州市水利局"))
CRITERION = "印发文件，完成首批项目并通过验收"
NOTE = "有两个以上牵头单位的，排在第一位的为总牵头单位，下同。"


def divide() -> None:
    """An issued division and one in consultation; once."""
    if Division.objects.exists():
        return
    departments()
    _officers()
    province = (
        Document.objects.filter(owner__name="云江省", title__contains="实施意见").order_by("pk").first()
    )
    city = Document.objects.filter(owner__name="云州市").order_by("pk").first()
    if province is not None:
        _issued(province)
    if city is not None:
        _in_consultation(city)


def departments() -> None:
    """Departments with their duties, below each region."""
    for region, name, other, duties in table("luoshi_web.delivery", "demo_units.tsv"):
        known = Unit.objects.filter(name=name).first()
        if known is None:
            aliases = [] if other == "-" else [other]
            parent = Unit.objects.get(name=region)
            add_unit(by=SYSTEM, parent=parent, name=name, aliases=aliases, duties=duties)
        elif not known.duties:
            change_unit(by=SYSTEM, unit=known, revision=known.revision, fields={"duties": duties})


def _officers() -> None:
    from luoshi_web.organisation.services import add_account, grant_role

    known = Account.objects.get(username="shinongye")
    for username, name, unit_name in OFFICERS:
        unit = Unit.objects.get(name=unit_name)
        account, _first = add_account(by=SYSTEM, username=username, name=name, unit=unit, must_change=False)
        _same_password(account, known)
        grant_role(by=SYSTEM, account=account, role="unit_officer", unit=unit)


def _same_password(account: Account, known: Account) -> None:
    """The demo's one password, as its hash stands with an account that has it."""
    from luoshi_web.audit.services import maintenance

    with maintenance("the demo's accounts share one password"):
        Account.objects.filter(pk=account.pk).update(password=known.password)


def _drafted(by: Any, document: Document, title: str, most: int) -> Division:
    """Items of a document's confirmed commitments, with the units that the text names."""
    division = services.add_division(by=by, owner=document.owner, title=title, note=NOTE)
    rows = Commitment.objects.filter(document=document, state="confirmed").select_related("document")
    made = items.compose(by=by, division=division, commitments=list(rows.order_by("start"))[:most])
    for n, item in enumerate(made):
        wanted = [w for o in proposals.from_sources(item) for w in o.wanted()]
        if not wanted:
            offers = proposals.for_item(by, item)
            wanted = offers[0].wanted() if offers else []
        if wanted:
            items.take(by=by, item=item, revision=item.revision, wanted=wanted, chosen="text")
        _completed(by, item, n)
    return division


def _completed(by: Any, item: WorkItem, n: int) -> None:
    """What the text leaves open, as a drafter would fill it in."""
    leaders = LEADERS.get(item.owner.level, LEADERS["province"])
    fields: dict[str, Any] = {"leader": leaders[n // 4 % len(leaders)]}
    if not item.criterion:
        fields["criterion"] = CRITERION
    if not item.deadline:
        fields |= {"ongoing": True, "milestone": "每年12月底前小结", "review_on": date(2025, 12, 20)}
    held = [Wanted(a.part, a.name, a.basis, a.evidence) for a in item.assignments.all()]
    if held and not any(w.part == "lead" for w in held):
        held[0] = Wanted("lead", held[0].name)
    items.change_item(by=by, item=item, revision=item.revision, fields=fields, wanted=held)


def _issued(document: Document) -> None:
    drafter, approver = (Account.objects.get(username=n) for n in ("qicao", "duban"))
    division = _drafted(drafter, document, f"《{document.title}》重点任务分工方案", 14)
    for item in selectors.rows(division):
        if not any(a.part == "lead" for a in item.assignments.all()):
            typed = [Wanted("lead", "云江省农业农村厅")]
            items.change_item(by=drafter, item=item, revision=item.revision, fields={}, wanted=typed)
    services.submit(by=drafter, division=division, revision=division.revision)
    services.approve(
        by=approver, division=division, revision=division.revision, approver="周清河",
        opinion="同意，抓紧印发。",
    )  # fmt: skip
    services.issue(
        by=approver,
        division=division,
        revision=division.revision,
        number="云江政督〔2024〕12号",
        day=date(2024, 5, 20),
    )


def _in_consultation(document: Document) -> None:
    by = Account.objects.get(username="shiduban")
    division = _drafted(by, document, f"《{document.title}》分工方案（征求意见稿）", 16)
    instruction = {
        "origin": Origin.INSTRUCTION,
        "origin_title": "市政府主要负责同志在《汛期隐患点巡查情况》上的批示",
        "origin_date": date(2024, 7, 2),
        "chapter": "其他来源任务",
        "text": "逐点核查高风险隐患点监测设备，十日内补齐缺失设备",
        "criterion": "隐患点监测设备在线率100%",
        "deadline": "2024-07-12",
        "leader": "乔远舟",
    }
    items.add_item(
        by=by, owner=division.owner, division=division, fields=instruction,
        wanted=[Wanted("lead", "云州市自然资源局"), Wanted("support", "云州市应急管理局")],
    )  # fmt: skip
    units = [u for u, _n in consulting.candidates(division)]
    if not units:
        return
    asked = consulting.open_round(
        by=by,
        division=division,
        revision=division.revision,
        units=units,
        kind="opinion",
        message="请就本单位承担的任务提出意见，重点核对完成时限和完成标准。",
        due=date.today() + timedelta(days=7),
    )
    for inquiry in asked.inquiries.select_related("unit", "consultation__division"):
        rows = list(selectors.asked(inquiry))
        said = {i.pk: ("agree", "") for i in rows}
        if inquiry.unit.name == "云州市自然资源局":
            said[_about(rows, "采矿权")] = ("change", "采矿权退出涉及补偿资金，建议增加市财政局为责任单位。")
        elif inquiry.unit.name == "云州市应急管理局":
            said[_about(rows, "监测")] = ("decline", "监测设备由自然资源部门管理，我局不宜作为配合单位。")
        elif inquiry.unit.name != "云州市水利局":
            continue
        consulting.transcribe(
            by=by, division=division, inquiry=inquiry, revision=inquiry.revision, answers=said
        )


def _about(rows: list[WorkItem], word: str) -> int:
    """The row that speaks of something, else the first."""
    return next((i.pk for i in rows if word in i.text), rows[0].pk)
