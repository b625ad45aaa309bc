"""Pages of posts and persons."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from luoshi_web.organisation import forms, posts
from luoshi_web.organisation.models import Holding, Person, Post, Unit
from luoshi_web.organisation.views import valid
from luoshi_web.ui.pages import Request, page, paginate, render

VIEW, CHANGE = "organisation.view_unit", "organisation.change_unit"


@page(VIEW)
def persons(request: Request) -> HttpResponse:
    """Persons with the posts that they hold today."""
    held = (
        Holding.objects.filter(posts.current(date.today()))
        .select_related("post__unit")
        .order_by("since", "pk")
    )
    rows = Person.objects.prefetch_related(Prefetch("holdings", held, "held")).order_by("name", "pk")
    if word := request.GET.get("q", "").replace("\x00", "").strip():
        rows = rows.filter(name__icontains=word) | rows.filter(holdings__post__unit__name__icontains=word)
        rows = rows.distinct()
    context = {"page_obj": paginate(request, rows), "form": forms.PersonForm()}
    return render(request, "organisation/persons.html", context)


@page(VIEW)
def person(request: Request, pk: int) -> HttpResponse:
    """One person: every post held, from when until when."""
    it = get_object_or_404(Person, pk=pk)
    context = {
        "person": it,
        "holdings": it.holdings.select_related("post__unit").order_by("-since", "-pk"),
        "today": date.today(),
        "form": forms.PersonForm(initial={"name": it.name, "revision": it.revision}),
    }
    return render(request, "organisation/person.html", context)


@page(CHANGE, methods=("POST",))
def add_person(request: Request) -> HttpResponse:
    """Adds a person."""
    it = posts.add_person(by=request.user, name=valid(forms.PersonForm(request.POST))["name"])
    messages.success(request, _("已添加：%s") % it)
    return redirect("organisation:person", pk=it.pk)


@page(CHANGE, methods=("POST",))
def change_person(request: Request, pk: int) -> HttpResponse:
    """Corrects a name."""
    it = get_object_or_404(Person, pk=pk)
    data = valid(forms.PersonForm(request.POST))
    posts.change_person(by=request.user, person=it, revision=data["revision"] or 0, name=data["name"])
    messages.success(request, _("已保存。"))
    return redirect("organisation:person", pk=pk)


@page(VIEW)
def post(request: Request, pk: int) -> HttpResponse:
    """One post: its duties, who holds it and who held it."""
    it = get_object_or_404(Post.objects.select_related("unit"), pk=pk)
    names = ("name", "duties", "valid_from", "valid_to", "revision")
    context = {
        "post": it,
        "path": Unit.objects.get_ancestors(it.unit),
        "holdings": it.holdings.select_related("person").order_by("-since", "-pk"),
        "today": date.today(),
        "form": forms.PostForm(initial={n: getattr(it, n) for n in names}),
        "appoint_form": forms.AppointForm(initial={"since": date.today()}),
    }
    return render(request, "organisation/post.html", context)


@page(CHANGE, methods=("POST",))
def add_post(request: Request, pk: int) -> HttpResponse:
    """Adds a post to a unit."""
    unit = get_object_or_404(Unit, pk=pk)
    data = valid(forms.PostForm(request.POST))
    data.pop("revision")
    it = posts.add_post(by=request.user, unit=unit, **data)
    messages.success(request, _("已添加：%s") % it)
    return redirect("organisation:unit", pk=pk)


@page(CHANGE, methods=("POST",))
def change_post(request: Request, pk: int) -> HttpResponse:
    """Changes a post."""
    it = get_object_or_404(Post, pk=pk)
    data = valid(forms.PostForm(request.POST))
    revision = data.pop("revision") or 0
    posts.change_post(by=request.user, post=it, revision=revision, fields=data)
    messages.success(request, _("已保存。"))
    return redirect("organisation:post", pk=pk)


@page(CHANGE, methods=("POST",))
def appoint(request: Request, pk: int) -> HttpResponse:
    """Puts a person into a post; a new one where none is chosen."""
    it = get_object_or_404(Post, pk=pk)
    data = valid(forms.AppointForm(request.POST))
    who = data["person"]
    if who is None:
        who = posts.add_person(by=request.user, name=data["name"])
    posts.appoint(by=request.user, post=it, person=who, since=data["since"], until=data["until"])
    messages.success(request, _("已任命。"))
    return redirect("organisation:post", pk=pk)


@page(CHANGE, methods=("POST",))
def relieve(request: Request, pk: int) -> HttpResponse:
    """Ends a holding."""
    it = get_object_or_404(Holding, pk=pk)
    posts.relieve(by=request.user, holding=it, until=valid(forms.RelieveForm(request.POST))["until"])
    messages.success(request, _("已免职。"))
    return redirect("organisation:post", pk=it.post_id)
