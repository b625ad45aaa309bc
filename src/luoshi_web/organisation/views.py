"""Pages of units and accounts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi_web.audit.services import Refused, record, service
from luoshi_web.organisation import forms, services
from luoshi_web.organisation.models import Account, Grant, Holding, Unit
from luoshi_web.organisation.posts import current
from luoshi_web.ui.pages import Request, page, paginate, render

LARGE = 300
"""Units of a tree that is shown whole, and of a page."""


@page("organisation.view_unit")
def units(request: Request) -> HttpResponse:
    """The tree of units: all of a small one; of a large one the level below a unit, or what a word finds."""
    word = request.GET.get("q", "").replace("\x00", "").strip()
    under = request.GET.get("under", "")
    rows, above = Unit.objects.all(), None
    if word:
        rows = (
            rows.filter(name__icontains=word)
            | rows.filter(short_name__icontains=word)
            | rows.filter(code=word)
        )
    elif under.isdecimal() and len(under) < 10:
        above = get_object_or_404(Unit, pk=under)
        rows = rows.filter(path__startswith=above.path, depth=above.depth + 1)
    elif rows.count() > LARGE:
        rows = rows.filter(depth__lte=2)
    page_obj = paginate(request, rows.select_related("successor"), LARGE)
    path = [*Unit.objects.get_ancestors(above), above] if above else []
    context = {"page_obj": page_obj, "above": path, "word": word, "today": date.today()}
    return render(request, "organisation/units.html", context)


@page("organisation.view_unit")
def unit(request: Request, pk: int) -> HttpResponse:
    """One unit: its facts, posts with who holds them, the units below."""
    it = get_object_or_404(Unit.objects.select_related("successor"), pk=pk)
    held = Holding.objects.filter(current(date.today())).select_related("person").order_by("since", "pk")
    context = {
        "unit": it,
        "path": Unit.objects.get_ancestors(it),
        "below": Unit.objects.filter(path__startswith=it.path, depth=it.depth + 1),
        "posts": it.posts.prefetch_related(Prefetch("holdings", held, "held")).order_by("pk"),
        "today": date.today(),
    }
    if request.user.has_perm("organisation.change_unit"):
        names = ("name", "short_name", "code", "valid_from", "valid_to", "successor", "duties", "revision")
        initial = {n: getattr(it, n) for n in names} | {"aliases": "、".join(it.aliases)}
        context |= {
            "form": forms.ChangeUnitForm(initial=initial),
            "below_form": forms.AddUnitForm(initial={"parent": it, "level": it.level, "code": it.code}),
            "post_form": forms.PostForm(),
        }
    return render(request, "organisation/unit.html", context)


@page("organisation.change_unit", methods=("POST",))
def add_unit(request: Request) -> HttpResponse:
    """Adds a unit below another one."""
    data = valid(forms.AddUnitForm(request.POST))
    it = services.add_unit(by=request.user, **data)
    messages.success(request, _("已添加：%s") % it)
    return redirect("organisation:unit", pk=data["parent"].pk)


@page("organisation.change_unit", methods=("POST",))
def change_unit(request: Request, pk: int) -> HttpResponse:
    """Changes a unit."""
    it = get_object_or_404(Unit, pk=pk)
    data = valid(forms.ChangeUnitForm(request.POST))
    services.change_unit(by=request.user, unit=it, revision=data.pop("revision"), fields=data)
    messages.success(request, _("已保存。"))
    return redirect("organisation:unit", pk=pk)


def _kinds(rows: QuerySet[Account], locked: set[str]) -> list[tuple[str, str, QuerySet[Account]]]:
    """Accounts that somebody must look at: locked, without a role, with a password to change, inactive."""
    live = rows.filter(is_active=True)
    roles = Grant.objects.filter(account=OuterRef("pk")).filter(
        Q(until=None) | Q(until__gte=timezone.localdate())
    )
    return [
        ("locked", _("已锁定"), rows.filter(username__in=locked)),
        ("no-role", _("未授权"), live.filter(~Exists(roles))),
        ("password", _("须改密码"), live.filter(must_change_password=True)),
        ("inactive", _("停用"), rows.filter(is_active=False)),
    ]


@page("organisation.view_account")
def accounts(request: Request) -> HttpResponse:
    """Accounts with their roles."""
    rows = Account.objects.select_related("unit").order_by("username")
    if word := request.GET.get("q", "").replace("\x00", "").strip():
        rows = rows.filter(username__icontains=word) | rows.filter(name__icontains=word)
    locked = locked_names()
    kinds = _kinds(rows, locked)
    asked = request.GET.get("show", "")
    rows = next((some for name, _words, some in kinds if name == asked), rows)
    page_obj = paginate(request, rows)
    held: dict[int, list[Grant]] = {}
    for g in Grant.objects.filter(account__in=[a.pk for a in page_obj]).select_related("unit"):
        held.setdefault(g.account_id, []).append(g)
    context: dict[str, Any] = {
        "page_obj": page_obj,
        "rows": [(a, held.get(a.pk, []), a.username in locked) for a in page_obj],
        "kinds": [(name, words, some.count()) for name, words, some in kinds],
        "show": asked,
    }
    if request.user.has_perm("organisation.add_account"):
        context["form"] = forms.AccountForm()
    return render(request, "organisation/accounts.html", context)


@page("organisation.view_account")
def account(request: Request, pk: int) -> HttpResponse:
    """One account: its roles, and what the security administrator may do with it."""
    it = get_object_or_404(Account.objects.select_related("unit", "person"), pk=pk)
    context: dict[str, Any] = {
        "account": it,
        "grants": Grant.objects.filter(account=it).select_related("unit").order_by("pk"),
        "locked": is_locked(it.username),
        "today": date.today(),
    }
    if request.user.has_perm("organisation.grant_role"):
        context["form"] = forms.GrantForm()
    return render(request, "organisation/account.html", context)


@page("organisation.add_account", methods=("POST",))
def add_account(request: Request) -> HttpResponse:
    """Adds an account and shows its one-time password."""
    account, first = services.add_account(by=request.user, **valid(forms.AccountForm(request.POST)))
    return _shown_once(request, account, first)


def _shown_once(request: Request, account: Account, password: str) -> HttpResponse:
    """The page of a one-time password, which no browser keeps."""
    context = {"account": account, "password": password}
    response = render(request, "organisation/password.html", context)
    response["Cache-Control"] = "no-store"
    return response


@page("organisation.grant_role", methods=("POST",))
def grant(request: Request, pk: int) -> HttpResponse:
    """Gives a role."""
    account = get_object_or_404(Account, pk=pk)
    services.grant_role(by=request.user, account=account, **valid(forms.GrantForm(request.POST)))
    messages.success(request, _("已授权。"))
    return redirect("organisation:account", pk=pk)


@page("organisation.grant_role", methods=("POST",))
def revoke(request: Request, pk: int) -> HttpResponse:
    """Takes a role away."""
    it = get_object_or_404(Grant, pk=pk)
    services.revoke_role(by=request.user, grant=it, reason=request.POST.get("reason", ""))
    messages.success(request, _("已撤销授权。"))
    return redirect("organisation:account", pk=it.account_id)


@page("organisation.secure_account", methods=("POST",))
def set_active(request: Request, pk: int) -> HttpResponse:
    """Opens or closes an account."""
    account = get_object_or_404(Account, pk=pk)
    active = request.POST.get("active") == "1"
    services.set_active(
        by=request.user, account=account, active=active, reason=request.POST.get("reason", "")
    )
    return redirect("organisation:account", pk=pk)


@page("organisation.secure_account", methods=("POST",))
def reset_password(request: Request, pk: int) -> HttpResponse:
    """A new one-time password."""
    account = get_object_or_404(Account, pk=pk)
    first = services.reset_password(by=request.user, account=account, reason=request.POST.get("reason", ""))
    return _shown_once(request, account, first)


@page("organisation.secure_account", methods=("POST",))
def unlock(request: Request, pk: int) -> HttpResponse:
    """Unlocks an account that failed five times."""
    account = get_object_or_404(Account, pk=pk)
    _note_unlock(by=request.user, account=account)
    reset(username=account.username)
    messages.success(request, _("已解锁。"))
    return redirect("organisation:account", pk=pk)


@service("organisation.account.unlock", permission="organisation.secure_account")
def _note_unlock(*, by: Any, account: Account) -> None:
    record(account)


@page("site.use")
def me(request: Request) -> HttpResponse:
    """One's own account."""
    return render(request, "organisation/me.html", {"grants": request.user.grants})


def is_locked(username: str) -> bool:
    """Whether too many failures locked the account, and it was not unlocked since."""
    return username in locked_names()


def locked_names() -> set[str]:
    """The user names of the accounts that too many failures locked and nobody unlocked since."""
    since = timezone.now() - timedelta(minutes=settings.LUOSHI.lock_minutes)
    some = AccessAttempt.objects.filter(
        attempt_time__gte=since, failures_since_start__gte=settings.AXES_FAILURE_LIMIT
    )
    return set(some.values_list("username", flat=True))


def valid(form: Any) -> dict[str, Any]:
    """A form's values.

    :raises Refused: when some are wrong, naming them.
    """
    if not form.is_valid():
        wrong = [f"{form[n].label if n in form.fields else ''} {' '.join(e)}" for n, e in form.errors.items()]
        raise Refused("；".join(wrong))
    return dict(form.cleaned_data)
