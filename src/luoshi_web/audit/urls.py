"""Addresses."""

from django.urls import path

from luoshi_web.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.events, name="events"),
    path("<int:pk>/", views.event, name="event"),
    path("verify", views.verify, name="verify"),
    path("head", views.head, name="head"),
]
