"""Addresses."""

from django.urls import path

from luoshi_web.search import views

app_name = "search"
urlpatterns = [
    path("", views.search, name="search"),
    path("export", views.export, name="export"),
]
