"""Addresses of the site itself."""

from django.urls import path

from luoshi_web.site import views

urlpatterns = [
    path("", views.home, name="home"),
    path("language", views.language, name="language"),
    path("healthz", views.health, name="health"),
]
