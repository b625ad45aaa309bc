"""Views of a table that somebody keeps."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luoshi_web.audit.models import Record
from luoshi_web.organisation.models import Account


class SavedView(Record):
    """A table's filters under a name, for one account; ``query`` is the address's query string."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="saved_views")
    table = models.CharField(max_length=40, default="register:commitments")
    name = models.CharField(_("名称"), max_length=60)
    query = models.CharField(max_length=2000, blank=True)

    class Meta:
        verbose_name = _("常用筛选")
        constraints = (models.UniqueConstraint(fields=("account", "table", "name"), name="one_saved_view"),)

    def __str__(self) -> str:
        return self.name
