"""Addresses."""

from django.urls import path

from luoshi_web.organisation import views

app_name = "organisation"
urlpatterns = [
    path("units/", views.units, name="units"),
    path("units/add", views.add_unit, name="add_unit"),
    path("units/<int:pk>/", views.unit, name="unit"),
    path("units/<int:pk>/change", views.change_unit, name="change_unit"),
    path("accounts/", views.accounts, name="accounts"),
    path("accounts/add", views.add_account, name="add_account"),
    path("accounts/<int:pk>/grant", views.grant, name="grant"),
    path("accounts/<int:pk>/active", views.set_active, name="set_active"),
    path("accounts/<int:pk>/reset-password", views.reset_password, name="reset_password"),
    path("accounts/<int:pk>/unlock", views.unlock, name="unlock"),
    path("grants/<int:pk>/revoke", views.revoke, name="revoke"),
    path("me", views.me, name="me"),
]
