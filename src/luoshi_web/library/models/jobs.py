"""Long work: jobs in batches, with progress that a page can show."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi_web.library.models.documents import Audience, Document, File
from luoshi_web.organisation.models import Account, Unit


class JobState(models.TextChoices):
    """Where a job stands."""

    WAITING = "waiting", _("等待")
    RUNNING = "running", _("进行中")
    DONE = "done", _("完成")
    FAILED = "failed", _("未办成")


class Batch(models.Model):
    """Files that came in one upload."""

    by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    owner = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.BELOW)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.pk} {timezone.localtime(self.created_at):%Y-%m-%d %H:%M}"

    @property
    def access_unit(self) -> Unit:
        """The unit that permissions are asked for."""
        return self.owner


class Job(models.Model):
    """One piece of long work.

    A worker that runs it writes ``heartbeat``; when that stops the job is given to another worker, at most
    three times, then it fails visibly.
    """

    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="jobs")
    kind = models.CharField(max_length=20)
    file = models.ForeignKey(File, models.PROTECT, null=True, related_name="jobs")
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="jobs")
    name = models.CharField(max_length=255)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=JobState, default=JobState.WAITING, db_index=True)
    stage = models.CharField(max_length=40, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    result = models.JSONField(default=dict)
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("任务进程")

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def percent(self) -> int:
        """Share of the current stage that is done."""
        return round(100 * self.done / self.total) if self.total else 0


class Problem(models.Model):
    """Something that the program could not do with a file or is unsure of."""

    file = models.ForeignKey(File, models.CASCADE, null=True, related_name="problems")
    job = models.ForeignKey(Job, models.CASCADE, null=True, related_name="problems")
    severity = models.CharField(max_length=8)
    code = models.CharField(max_length=40)
    page = models.PositiveIntegerField(null=True)
    message = models.TextField()
    hint = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.message
