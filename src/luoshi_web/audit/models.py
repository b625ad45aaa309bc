"""The chain of events, and the base of every record that people change."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEvent(models.Model):
    """Who did what to which object, and how it looked before and after.

    Rows are never changed or removed (triggers refuse it). ``hash`` is taken over all other fields and the
    previous row's hash, see :mod:`luoshi_web.audit.chain`. ``at`` is UTC, ISO 8601 with microseconds, kept as
    text so that the hash is the same in every database.
    """

    id = models.BigIntegerField(primary_key=True, verbose_name=_("序号"))
    at = models.CharField(_("时间"), max_length=32, db_index=True)
    actor = models.CharField(_("操作人"), max_length=150, db_index=True)
    action = models.CharField(_("操作"), max_length=80, db_index=True)
    object_type = models.CharField(_("对象类型"), max_length=60)
    object_id = models.CharField(_("对象编号"), max_length=60)
    object_name = models.CharField(_("对象"), max_length=300)
    before = models.TextField(_("变更前"))
    after = models.TextField(_("变更后"))
    reason = models.TextField(_("理由"), blank=True)
    address = models.CharField(_("来源地址"), max_length=64, blank=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("审计记录")
        ordering = ("-id",)
        indexes = (models.Index(fields=("object_type", "object_id"), name="audit_object"),)

    def __str__(self) -> str:
        return f"{self.id} {self.at} {self.actor} {self.action} {self.object_type}:{self.object_id}"


class Record(models.Model):
    """Base of rows that people change: ``revision`` is the optimistic lock (see ``services.change``)."""

    revision = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
