"""Addresses: the pages, and the operations below ``/api/v1/``."""

from django.urls import URLPattern, URLResolver, include, path

from luoshi_web.api import interface, views

pages = (
    [
        path("account/tokens/", views.own, name="tokens"),
        path("account/tokens/make", views.make, name="make"),
        path("account/tokens/<int:pk>/revoke", views.revoke, name="revoke"),
        path("calendar/<str:secret>.ics", views.feed, name="calendar"),
        path("api/", views.describe, name="reference"),
        path("api/openapi.json", views.schema, name="schema"),
    ],
    "access",
)
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(pages)),
    path("api/v1/", interface.urls()),
]
