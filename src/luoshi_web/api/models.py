"""Tokens: what a program shows instead of a person's password."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from luoshi_web.audit.models import Record
from luoshi_web.organisation.models import Account


class Token(Record):
    """A program may act for an account, within ``scopes`` and until ``expires``.

    The secret is shown once; its sha256 is kept (it is long and random, so that nothing slower is needed).
    A feed's secret stands in the address of a calendar and opens nothing else; ``query`` says which rows.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="tokens", verbose_name=_("账号"))
    name = models.CharField(_("名称"), max_length=60)
    feed = models.BooleanField(_("日历订阅"), default=False)
    scopes = models.JSONField(_("范围"), default=list)
    query = models.CharField(max_length=2000, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    expires = models.DateField(_("有效期至"))
    revoked_at = models.DateTimeField(_("撤销时间"), null=True)
    used_on = models.DateField(_("最近使用"), null=True)

    class Meta:
        verbose_name = _("令牌")

    def __str__(self) -> str:
        return f"{self.account} {self.name}"

    @property
    def usable(self) -> bool:
        """Whether it still opens anything."""
        return self.revoked_at is None and self.expires >= date.today()

    @property
    def of_items(self) -> bool:
        """Whether a feed is one of work items."""
        return "of=items" in self.query.split("&")

    @property
    def filters(self) -> str:
        """The filters of a feed."""
        return "&".join(x for x in self.query.split("&") if x != "of=items")
