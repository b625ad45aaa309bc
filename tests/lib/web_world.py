"""The world of the web tests: three levels, every role at each, one document read by the real pipeline."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

UNITS = (
    ("province", "", "岚山省", "province"),
    ("city", "province", "江城市", "city"),
    ("county", "city", "柳溪县", "county"),
    ("other", "province", "海门市", "city"),
)
LEVELS = ("province", "city", "county", "other")
"""The levels of units that accounts stand at; the objects of the tests belong to ``city``."""
ROLES = (
    "viewer",
    "drafter",
    "reviewer",
    "supervisor",
    "unit_officer",
    "system_admin",
    "security_admin",
    "audit_admin",
)

TEXT = """江城市人民政府关于加快水利设施更新改造的实施意见

江政发〔2025〕7号

各县（区）人民政府，市政府各部门：

为改善灌溉条件，现提出如下意见。

一、加快设施改造

（一）更新老旧泵站。2026年底前完成42座老旧泵站更新改造，新增高效节水灌溉面积12万亩。（牵头单位：市水利局；责任单位：各县〔区〕人民政府）

（二）疏浚骨干河道。实施柳溪河等6条骨干河道疏浚工程，严禁侵占河道。（市水利局、市自然资源局按职责分工负责）

二、强化保障

（三）健全管护制度。探索建立泵站管护基金，长期坚持“以奖代补”。

江城市人民政府
2025年5月12日
"""


@dataclass
class World:
    """Units, accounts (``role-level``) and objects of the city by name."""

    units: dict[str, Any] = field(default_factory=dict)
    accounts: dict[str, Any] = field(default_factory=dict)
    batch: Any = None
    document: Any = None
    commitment: Any = None

    def candidates(self) -> list[Any]:
        """The candidates of the document; the first one is confirmed already."""
        from luoshi_web.library.models import Candidate

        rows = Candidate.objects.filter(version=self.document.current_id)
        return list(rows.order_by("start", "pk"))

    def grant(self, name: str) -> Any:
        """The grant of an account."""
        from luoshi_web.organisation.models import Grant

        return Grant.objects.get(account=self.accounts[name])

    def client(self, name: str) -> Client:
        """A browser signed in as ``role-level``; makes no second round of the sign-in page."""
        client = Client()
        client.force_login(self.accounts[name], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client


_made = World()


def make() -> None:
    """Makes it, once per database."""
    world = _made
    from luoshi_web.audit.services import SYSTEM
    from luoshi_web.library import jobs
    from luoshi_web.library.models import Document, Job
    from luoshi_web.library.services import receive
    from luoshi_web.organisation import posts, services

    for key, parent, name, level in UNITS:
        world.units[key] = services.add_unit(
            by=SYSTEM, parent=world.units.get(parent), name=name, level=level, kind="region"
        )
    post = posts.add_post(by=SYSTEM, unit=world.units["city"], name="市长")
    person = posts.add_person(by=SYSTEM, name="郑某某")
    posts.appoint(by=SYSTEM, post=post, person=person, since=date(2025, 1, 1))
    for role in ROLES:
        for level in LEVELS:
            account, _ = services.add_account(
                by=SYSTEM,
                username=f"{role}-{level}",
                name=f"{role} {level}",
                unit=world.units[level],
                password="a-good-password",
                must_change=False,
            )
            services.grant_role(by=SYSTEM, account=account, role=role, unit=world.units[level])
            world.accounts[f"{role}-{level}"] = account
    world.batch = receive(
        by=world.accounts["drafter-city"],
        owner=world.units["city"],
        audience="below",
        files=[SimpleUploadedFile("水利.txt", TEXT.encode())],
        max_bytes=1 << 20,
    )
    for pk in Job.objects.filter(state="waiting").values_list("pk", flat=True):
        jobs.run(pk)
    world.document = Document.objects.get()
    from luoshi_web.register import services as register

    decision = register.accept(
        by=world.accounts["reviewer-city"], candidate=world.candidates()[0], revision=0
    )
    world.commitment = decision.commitments.get()


def load() -> World:
    """The same, fresh from the database."""
    from luoshi_web.library.models import Batch, Document
    from luoshi_web.organisation.models import Account, Unit
    from luoshi_web.register.models import Commitment

    accounts = {a.username: a for a in Account.objects.all()}
    units = {key: Unit.objects.get(pk=u.pk) for key, u in _made.units.items()}
    return World(
        units,
        accounts,
        Batch.objects.get(pk=_made.batch.pk),
        Document.objects.get(pk=_made.document.pk),
        Commitment.objects.get(pk=_made.commitment.pk),
    )
