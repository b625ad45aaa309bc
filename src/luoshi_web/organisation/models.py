"""Units, posts, persons; accounts and their roles."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from treebeard.mp_tree import MP_Node, MP_NodeManager

from luoshi_web.audit.models import Record
from luoshi_web.audit.services import maintenance


class Level(models.TextChoices):
    """Level of administration."""

    CENTRAL = "central", _("中央")
    PROVINCE = "province", _("省级")
    CITY = "city", _("市级")
    COUNTY = "county", _("县级")
    TOWNSHIP = "township", _("乡镇")


class UnitKind(models.TextChoices):
    """What sort of body a unit is."""

    REGION = "region", _("地区")
    OFFICE = "office", _("督查机构")
    DEPARTMENT = "department", _("部门")
    ENTERPRISE = "enterprise", _("企事业单位")
    OTHER = "other", _("其他")


class Unit(MP_Node, Record):
    """A unit in the tree: a region's Party committee and government, or a department under it.

    ``code`` is the GB/T 2260 code of its region; a unit that was renamed, merged or abolished keeps its row
    and gets an end of validity and a successor.
    """

    objects: ClassVar[Any] = MP_NodeManager()

    name = models.CharField(_("名称"), max_length=200)
    short_name = models.CharField(_("简称"), max_length=60, blank=True)
    aliases = models.JSONField(_("其他写法"), default=list, blank=True)
    level = models.CharField(_("层级"), max_length=12, choices=Level)
    kind = models.CharField(_("性质"), max_length=12, choices=UnitKind, default=UnitKind.DEPARTMENT)
    code = models.CharField(_("行政区划代码"), max_length=12, blank=True, db_index=True)
    duties = models.TextField(_("主要职责（三定）"), blank=True)
    valid_from = models.DateField(_("设立日期"), null=True, blank=True)
    valid_to = models.DateField(_("撤销日期"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("承继单位")
    )

    class Meta:
        verbose_name = _("单位")

    def __str__(self) -> str:
        return self.short_name or self.name

    @property
    def access_unit(self) -> Unit:
        """Itself, for permissions on a unit's own affairs."""
        return self

    def covers(self, other: Unit) -> bool:
        """Whether ``other`` is this unit or below it."""
        return bool(other.path.startswith(self.path))

    def valid_on(self, day: date) -> bool:
        """Whether the unit existed on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


class Post(Record):
    """A post of a unit."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name=_("单位"))
    name = models.CharField(_("岗位"), max_length=100)
    duties = models.TextField(_("职责"), blank=True)
    valid_from = models.DateField(_("起"), null=True, blank=True)
    valid_to = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        verbose_name = _("岗位")

    def __str__(self) -> str:
        return f"{self.unit} {self.name}"


class Person(Record):
    """A person, with no more data than an assignment needs."""

    name = models.CharField(_("姓名"), max_length=60)
    posts: Any = models.ManyToManyField(Post, through="Holding", related_name="persons")

    class Meta:
        verbose_name = _("人员")

    def __str__(self) -> str:
        return self.name


class Holding(models.Model):
    """A person holds a post for a time."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="holdings")
    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings")
    since = models.DateField(_("任职日期"), null=True, blank=True)
    until = models.DateField(_("免职日期"), null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.person} {self.post}"


class Role(models.TextChoices):
    """What an account may be; what each may do stands in ``data/permissions.tsv``."""

    VIEWER = "viewer", _("查阅")
    DRAFTER = "drafter", _("起草")
    REVIEWER = "reviewer", pgettext_lazy("role", "审核")
    SUPERVISOR = "supervisor", _("督查")
    UNIT_OFFICER = "unit_officer", _("单位联络员")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDIT_ADMIN = "audit_admin", _("审计管理员")


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by user name."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """The account of that name."""
        return self.get(username=username)


class Account(AbstractBaseUser, Record):
    """Who signs in. Never removed: the audit names it; inactive instead."""

    username = models.CharField(_("用户名"), max_length=60, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, verbose_name=_("人员"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, verbose_name=_("所在单位"))
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    language = models.CharField(_("语言"), max_length=10, blank=True)
    must_change_password = models.BooleanField(_("须改密码"), default=False)

    last_login = None  # the audit knows it

    objects: ClassVar[AccountManager] = AccountManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("账号")

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def audit_name(self) -> str:
        """The name that the audit keeps."""
        return self.username

    def check_password(self, raw_password: str | None) -> bool:
        """Whether that is the password; an old hash is renewed on the way."""
        with maintenance("renewal of a password's hash"):
            return super().check_password(raw_password)

    @cached_property
    def grants(self) -> tuple[Grant, ...]:
        """The roles held today, each with its unit; read once per request."""
        today = date.today()
        some = Grant.objects.filter(account=self).select_related("unit")
        return tuple(g for g in some if g.until is None or g.until >= today)

    @property
    def roles(self) -> frozenset[str]:
        """The names of the roles held today."""
        return frozenset(g.role for g in self.grants)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Whether the account may, on an object where one is given."""
        from rules.permissions import has_perm

        return self.is_active and bool(has_perm(perm, self, obj))

    def has_perms(self, perms: Any, obj: Any = None) -> bool:
        """Whether the account may all of them."""
        return all(self.has_perm(p, obj) for p in perms)

    def has_module_perms(self, _app: str) -> bool:
        """There is no administration site that would ask."""
        return False


class Grant(Record):
    """An account holds a role for a unit and all units below it."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("账号"))
    role = models.CharField(_("角色"), max_length=20, choices=Role)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("单位范围"))
    until = models.DateField(_("有效期至"), null=True, blank=True)

    class Meta:
        verbose_name = _("授权")
        constraints = (models.UniqueConstraint(fields=("account", "role", "unit"), name="one_grant"),)

    def __str__(self) -> str:
        return f"{self.account} {self.get_role_display()} {self.unit}"
