"""Pages of units and accounts."""

from __future__ import annotations

from typing import Any

from axes.utils import reset
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from luoshi_web.audit.services import Refused, record, service
from luoshi_web.organisation import forms, services
from luoshi_web.organisation.models import Account, Grant, Unit
from luoshi_web.ui.pages import Request, page, paginate, render


@page("organisation.view_unit")
def units(request: Request) -> HttpResponse:
    """The tree of units."""
    return render(
        request, "organisation/units.html", {"units": Unit.objects.all(), "form": forms.AddUnitForm()}
    )


@page("organisation.view_unit")
def unit(request: Request, pk: int) -> HttpResponse:
    """One unit."""
    it = get_object_or_404(Unit, pk=pk)
    names = ("name", "short_name", "code", "valid_from", "valid_to", "duties", "revision")
    form = forms.ChangeUnitForm(initial={n: getattr(it, n) for n in names})
    return render(
        request, "organisation/unit.html", {"unit": it, "path": Unit.objects.get_ancestors(it), "form": form}
    )


@page("organisation.change_unit", methods=("POST",))
def add_unit(request: Request) -> HttpResponse:
    """Adds a unit."""
    data = _valid(forms.AddUnitForm(request.POST))
    it = services.add_unit(by=request.user, **data)
    messages.success(request, _("已添加：%s") % it)
    return redirect("organisation:units")


@page("organisation.change_unit", methods=("POST",))
def change_unit(request: Request, pk: int) -> HttpResponse:
    """Changes a unit."""
    it = get_object_or_404(Unit, pk=pk)
    data = _valid(forms.ChangeUnitForm(request.POST))
    services.change_unit(by=request.user, unit=it, revision=data.pop("revision"), fields=data)
    messages.success(request, _("已保存。"))
    return redirect("organisation:unit", pk=pk)


@page("organisation.view_account")
def accounts(request: Request) -> HttpResponse:
    """Accounts with their roles."""
    rows = Account.objects.select_related("unit").order_by("username")
    if word := request.GET.get("q", ""):
        rows = rows.filter(username__icontains=word) | rows.filter(name__icontains=word)
    page_obj = paginate(request, rows)
    held: dict[int, list[Grant]] = {}
    for g in Grant.objects.filter(account__in=[a.pk for a in page_obj]).select_related("unit"):
        held.setdefault(g.account_id, []).append(g)
    context = {
        "page_obj": page_obj,
        "rows": [(a, held.get(a.pk, [])) for a in page_obj],
        "form": forms.AccountForm(),
        "grant_form": forms.GrantForm(),
    }
    return render(request, "organisation/accounts.html", context)


@page("organisation.add_account", methods=("POST",))
def add_account(request: Request) -> HttpResponse:
    """Adds an account and shows its one-time password."""
    account, first = services.add_account(by=request.user, **_valid(forms.AccountForm(request.POST)))
    return render(request, "organisation/password.html", {"account": account, "password": first})


@page("organisation.grant_role", methods=("POST",))
def grant(request: Request, pk: int) -> HttpResponse:
    """Gives a role."""
    account = get_object_or_404(Account, pk=pk)
    services.grant_role(by=request.user, account=account, **_valid(forms.GrantForm(request.POST)))
    messages.success(request, _("已授权。"))
    return redirect("organisation:accounts")


@page("organisation.grant_role", methods=("POST",))
def revoke(request: Request, pk: int) -> HttpResponse:
    """Takes a role away."""
    it = get_object_or_404(Grant, pk=pk)
    services.revoke_role(by=request.user, grant=it, reason=request.POST.get("reason", ""))
    messages.success(request, _("已撤销授权。"))
    return redirect("organisation:accounts")


@page("organisation.secure_account", methods=("POST",))
def set_active(request: Request, pk: int) -> HttpResponse:
    """Opens or closes an account."""
    account = get_object_or_404(Account, pk=pk)
    active = request.POST.get("active") == "1"
    services.set_active(
        by=request.user, account=account, active=active, reason=request.POST.get("reason", "")
    )
    return redirect("organisation:accounts")


@page("organisation.secure_account", methods=("POST",))
def reset_password(request: Request, pk: int) -> HttpResponse:
    """A new one-time password."""
    account = get_object_or_404(Account, pk=pk)
    first = services.reset_password(by=request.user, account=account, reason=request.POST.get("reason", ""))
    return render(request, "organisation/password.html", {"account": account, "password": first})


@page("organisation.secure_account", methods=("POST",))
def unlock(request: Request, pk: int) -> HttpResponse:
    """Unlocks an account that failed five times."""
    account = get_object_or_404(Account, pk=pk)
    _note_unlock(by=request.user, account=account)
    reset(username=account.username)
    messages.success(request, _("已解锁。"))
    return redirect("organisation:accounts")


@service("organisation.account.unlock", permission="organisation.secure_account")
def _note_unlock(*, by: Any, account: Account) -> None:
    record(account)


@page("site.use")
def me(request: Request) -> HttpResponse:
    """One's own account."""
    return render(request, "organisation/me.html", {"grants": request.user.grants})


def _valid(form: Any) -> dict[str, Any]:
    """A form's values.

    :raises Refused: when some are wrong, naming them.
    """
    if not form.is_valid():
        wrong = [f"{form[n].label if n in form.fields else ''} {' '.join(e)}" for n, e in form.errors.items()]
        raise Refused("；".join(wrong))
    return dict(form.cleaned_data)
