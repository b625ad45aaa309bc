"""Originals, documents, versions."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from luoshi_web.audit.models import Record
from luoshi_web.organisation.models import Unit


class Audience(models.TextChoices):
    """Who besides the owner's own subtree sees a document."""

    OWN = "own", _("本单位及所属单位")
    BELOW = "below", _("同时供下级查阅")
    ALL = "all", _("全部用户")


def reading_name(key: str, text_sha256: str) -> str:
    """The file of a version's structure, named by its content: so it is right in every state restored."""
    return f"{key}-{text_sha256[:16]}.json.z"


class File(models.Model):
    """An original, kept byte by byte under its hash."""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(_("文件名"), max_length=255)
    size = models.BigIntegerField(_("大小"))
    media_type = models.CharField(_("格式"), max_length=100, blank=True)
    owner = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("所属单位"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("原件")

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where the bytes lie."""
        folder: Path = settings.LUOSHI.files
        return folder / self.sha256[:2] / self.sha256


class Document(Record):
    """A document as a work: its versions come and go, reviews stay."""

    owner = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("所属单位"))
    audience = models.CharField(_("查阅范围"), max_length=8, choices=Audience, default=Audience.BELOW)
    title = models.CharField(_("标题"), max_length=300)
    work = models.CharField(_("题名"), max_length=300, db_index=True)
    kind = models.CharField(_("文种"), max_length=40, blank=True)
    number = models.CharField(_("文号"), max_length=100, blank=True, db_index=True)
    issuers = models.JSONField(_("发文机关"), default=list)
    branch = models.CharField(max_length=20, blank=True)
    level = models.CharField(_("层级"), max_length=12, blank=True, db_index=True)
    region = models.CharField(_("行政区划代码"), max_length=12, blank=True)
    date = models.CharField(_("成文日期"), max_length=10, blank=True, db_index=True)
    secrecy = models.CharField(_("密级"), max_length=20, blank=True)
    current = models.ForeignKey(
        "Version", models.SET_NULL, null=True, related_name="+", verbose_name=_("现行版本")
    )
    withdrawn = models.BooleanField(_("已撤下"), default=False)

    class Meta:
        verbose_name = _("文件")

    def __str__(self) -> str:
        return self.title

    @property
    def access_unit(self) -> Unit:
        """The unit that permissions are asked for."""
        return self.owner

    @property
    def access_audience(self) -> str:
        """Who else may see it."""
        return self.audience


class Version(models.Model):
    """One text of a document, as read from one place of one file.

    ``key`` is the id that ``luoshi`` gives it (from the file's hash and the place in it); ``row`` the
    document row of ``docs/reference/records.md``; ``paragraphs`` are ``[start, end, kind, level, speaker]``
    of ``text``; ``pages`` the first and last page of the original that it stands on, empty where it has none.
    Its structure in the pipeline's own form lies in ``reading_path``, for comparisons.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="versions", verbose_name=_("文件"))
    number = models.PositiveIntegerField(_("版次"))
    file = models.ForeignKey(File, models.PROTECT, related_name="versions", verbose_name=_("原件"))
    ordinal = models.PositiveIntegerField()
    key = models.CharField(max_length=40, db_index=True)
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    characters = models.PositiveIntegerField(_("字数"))
    row = models.JSONField(default=dict)
    paragraphs = models.JSONField(default=list)
    pages = models.JSONField(default=list)
    program = models.CharField(max_length=40)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("版本")
        constraints = (
            models.UniqueConstraint(fields=("document", "number"), name="one_version_number"),
            models.UniqueConstraint(
                fields=("document", "file", "ordinal", "text_sha256"), name="one_version_of_text"
            ),
        )

    def __str__(self) -> str:
        return f"{self.document} v{self.number}"

    @property
    def page_numbers(self) -> range:
        """The pages of the original that it stands on."""
        return range(self.pages[0], self.pages[1] + 1) if self.pages else range(0)

    @property
    def reading_path(self) -> Path:
        """The version's structure and extraction, as the pipeline writes them."""
        folder: Path = settings.LUOSHI.readings
        return folder / reading_name(self.key, self.text_sha256)

    @property
    def access_unit(self) -> Unit:
        """That of the document."""
        return self.document.owner

    @property
    def access_audience(self) -> str:
        """That of the document."""
        return self.document.audience
