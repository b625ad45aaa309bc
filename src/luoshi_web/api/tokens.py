"""Making, recognising and revoking tokens."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi_web.api.models import Token
from luoshi_web.audit.services import Refused, change, created, maintenance, service, unchanged

ROOMS = {
    "library": gettext_lazy("文件库"),
    "register": gettext_lazy("审核与任务台账"),
    "delivery": gettext_lazy("任务分解与征求意见"),
    "search": gettext_lazy("检索"),
    "organisation": gettext_lazy("单位与账号"),
    "audit": gettext_lazy("审计"),
}
SCOPES = tuple(f"{room}:{what}" for room in ROOMS for what in ("read", "write"))
PREFIX = "luoshi_"
LONGEST = 366
"""Days that a token may live."""
MOST = 20
"""Tokens in use that an account may have."""


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


@service("api.token.make", permission="site.use")
def make(
    *, by: Any, name: str, scopes: Sequence[str] = (), days: int = 90, feed: bool = False, query: str = ""
) -> tuple[Token, str]:
    """A new token of one's own, and its secret, which is shown once."""
    name = " ".join(name.replace("\x00", "").split())[:60]
    if not name:
        raise Refused(_("请填写名称，写明用途。"), "name")
    if not 1 <= days <= LONGEST:
        raise Refused(_("有效期须在 1 至 %d 天之间。") % LONGEST, "days")
    kept = [s for s in SCOPES if s in scopes]
    if strange := sorted(set(scopes) - set(SCOPES)):
        raise Refused(_("没有这个范围：%s。") % "、".join(strange), "scopes")
    if not kept and not feed:
        raise Refused(_("请至少选择一个范围。"), "scopes")
    if Token.objects.filter(account=by, revoked_at=None, expires__gte=date.today()).count() >= MOST:
        raise Refused(_("在用的令牌已有 %d 个，请先撤销不用的。") % MOST)
    secret = secrets.token_urlsafe(32) if feed else PREFIX + secrets.token_urlsafe(32)
    token = Token(
        account=by, name=name, feed=feed, scopes=[] if feed else kept, query=query[:2000],
        digest=digest(secret), hint=secret[: len(PREFIX) + 4] if not feed else secret[:4],
        expires=date.today() + timedelta(days=days),
    )  # fmt: skip
    told = {
        "name": name,
        "feed": feed,
        "scopes": token.scopes,
        "expires": token.expires,
        "query": token.query,
    }
    return created(token, **told), secret


@service("api.token.revoke", permission="site.use")
def revoke(*, by: Any, token: Token) -> Token:
    """Ends one of one's own tokens."""
    if token.account_id != by.pk:
        raise Refused(_("只能撤销自己的令牌。"))
    if token.revoked_at is not None:
        unchanged()
        return token
    return change(token, revoked_at=timezone.now())


def of(account: Any) -> list[Token]:
    """An account's tokens, those in use first."""
    rows = Token.objects.filter(account=account).order_by("-pk")[:100]
    return sorted(rows, key=lambda t: not t.usable)


def find(secret: str, *, feed: bool = False) -> Token | None:
    """The token of a secret, if it opens anything; notes the day of its use."""
    if not secret or len(secret) > 200:
        return None
    token = Token.objects.select_related("account").filter(digest=digest(secret), feed=feed).first()
    if token is None or not token.usable or not token.account.is_active:
        return None
    if token.account.must_change_password:
        return None
    if token.used_on != (today := date.today()):
        with maintenance("the day on which a token was used"):
            Token.objects.filter(pk=token.pk).update(used_on=today)
    return token
