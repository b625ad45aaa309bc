"""The demo province: units, accounts, documents. Each app adds its own part to :data:`PARTS`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from luoshi_web.audit.services import SYSTEM
from luoshi_web.delivery import demo as delivery_demo
from luoshi_web.library import jobs
from luoshi_web.library.models import File, Job, JobState
from luoshi_web.library.services import receive
from luoshi_web.organisation import posts, services
from luoshi_web.organisation.models import Account, Post, Unit
from luoshi_web.register import demo as register_demo
from luoshi_web.register import demo_comparing

PASSWORD = "luoshi-demo"

UNITS: tuple[tuple[str, str, str, str, str, str], ...] = (
    # key, parent, name, level, kind, code
    ("province", "", "云江省", "province", "region", "990000"),
    ("province-office", "province", "云江省人民政府督查室", "province", "office", "990000"),
    ("province-agri", "province", "云江省农业农村厅", "province", "department", "990000"),
    ("province-transport", "province", "云江省交通运输厅", "province", "department", "990000"),
    ("city", "province", "云州市", "city", "region", "990100"),
    ("city-office", "city", "云州市人民政府督查室", "city", "office", "990100"),
    ("city-agri", "city", "云州市农业农村局", "city", "department", "990100"),
    ("city-commerce", "city", "云州市商务局", "city", "department", "990100"),
    ("county", "city", "青禾县", "county", "region", "990121"),
    ("county-office", "county", "青禾县人民政府办公室", "county", "office", "990121"),
    ("county-agri", "county", "青禾县农业农村局", "county", "department", "990121"),
)
ACCOUNTS: tuple[tuple[str, str, str, str], ...] = (
    # user name, name, role, unit of the role
    ("duban", "省督查员", "supervisor", "province"),
    ("shenhe", "省审核员", "reviewer", "province"),
    ("qicao", "省起草员", "drafter", "province"),
    ("chayue", "省查阅员", "viewer", "province"),
    ("shiduban", "市督查员", "supervisor", "city"),
    ("shinongye", "市农业农村局联络员", "unit_officer", "city-agri"),
    ("xianduban", "县督查员", "supervisor", "county"),
    ("xiannongye", "县农业农村局联络员", "unit_officer", "county-agri"),
    ("sysadmin", "系统管理员", "system_admin", "province"),
    ("secadmin", "安全管理员", "security_admin", "province"),
    ("auditadmin", "审计管理员", "audit_admin", "province"),
)
POSTS: tuple[tuple[str, str, str, str], ...] = (
    # unit, post, duties, who holds it
    ("province", "省长", "领导省政府全面工作", "周清河"),
    ("province", "副省长", "分管农业农村、自然资源", "何秋原"),
    ("city", "市长", "领导市政府全面工作", "沈砚"),
    ("city", "副市长", "分管农业农村、生态环境、应急管理", "乔远舟"),
    ("city-agri", "局长", "主持全面工作", "闻人禾"),
    ("county", "县长", "领导县政府全面工作", "席青原"),
)
OWNERS = {"01": "province", "02": "province", "03": "city", "04": "county"}
"""The unit that a demo document belongs to, by the first two characters of its name."""

PARTS: list[Callable[[], None]] = [register_demo.review, demo_comparing.compare, delivery_demo.divide]
"""What other apps add once documents are read (confirmed commitments, a division …): functions without
arguments that do nothing when their part is there already."""


def load(documents: Path) -> None:
    """Makes what is missing of the demo."""
    units = organisation()
    accounts(units)
    offices(units)
    library(units, documents)
    for part in PARTS:
        part()


def organisation() -> dict[str, Unit]:
    """The units by key."""
    out: dict[str, Unit] = {}
    for key, parent, name, level, kind, code in UNITS:
        known = Unit.objects.filter(name=name).first()
        out[key] = known or services.add_unit(
            by=SYSTEM, parent=out.get(parent), name=name, level=level, kind=kind, code=code
        )
    return out


def accounts(units: dict[str, Unit]) -> None:
    """One account per role and level, all with the same password."""
    for username, name, role, unit in ACCOUNTS:
        if Account.objects.filter(username=username).exists():
            continue
        account, _ = services.add_account(
            by=SYSTEM, username=username, name=name, unit=units[unit], password=PASSWORD, must_change=False
        )
        services.grant_role(by=SYSTEM, account=account, role=role, unit=units[unit])


def offices(units: dict[str, Unit]) -> None:
    """Posts and who holds them; leaders of items are chosen among these."""
    for unit, name, duties, person in POSTS:
        if Post.objects.filter(unit=units[unit], name=name).exists():
            continue
        post = posts.add_post(by=SYSTEM, unit=units[unit], name=name, duties=duties)
        who = posts.add_person(by=SYSTEM, name=person)
        posts.appoint(by=SYSTEM, post=post, person=who, since=date(2023, 1, 15))


def library(units: dict[str, Unit], documents: Path) -> None:
    """The documents, read in this process."""
    by = Account.objects.get(username="duban")
    for path in sorted(documents.iterdir()):
        owner = OWNERS.get(path.name[:2])
        if owner is None:
            continue
        content = path.read_bytes()
        if File.objects.filter(sha256=hashlib.sha256(content).hexdigest(), owner=units[owner]).exists():
            continue
        upload = SimpleUploadedFile(path.name, content)
        actor = (
            by
            if owner == "province"
            else Account.objects.get(username={"city": "shiduban", "county": "xianduban"}[owner])
        )
        receive(
            by=actor,
            owner=units[owner],
            audience="below",
            files=[upload],
            paths=[path.name],
            max_bytes=1 << 26,
        )
    for kind in ("read", "compare"):
        for pk in (
            Job.objects.filter(kind=kind, state=JobState.WAITING).order_by("pk").values_list("pk", flat=True)
        ):
            jobs.run(pk)
