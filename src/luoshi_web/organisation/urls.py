"""Addresses."""

from django.urls import path

from luoshi_web.organisation import views, views_posts

app_name = "organisation"
urlpatterns = [
    path("units/", views.units, name="units"),
    path("units/add", views.add_unit, name="add_unit"),
    path("units/<int:pk>/", views.unit, name="unit"),
    path("units/<int:pk>/change", views.change_unit, name="change_unit"),
    path("units/<int:pk>/posts/add", views_posts.add_post, name="add_post"),
    path("posts/<int:pk>/", views_posts.post, name="post"),
    path("posts/<int:pk>/change", views_posts.change_post, name="change_post"),
    path("posts/<int:pk>/appoint", views_posts.appoint, name="appoint"),
    path("holdings/<int:pk>/relieve", views_posts.relieve, name="relieve"),
    path("persons/", views_posts.persons, name="persons"),
    path("persons/add", views_posts.add_person, name="add_person"),
    path("persons/<int:pk>/", views_posts.person, name="person"),
    path("persons/<int:pk>/change", views_posts.change_person, name="change_person"),
    path("accounts/", views.accounts, name="accounts"),
    path("accounts/<int:pk>/", views.account, name="account"),
    path("accounts/add", views.add_account, name="add_account"),
    path("accounts/<int:pk>/grant", views.grant, name="grant"),
    path("accounts/<int:pk>/active", views.set_active, name="set_active"),
    path("accounts/<int:pk>/reset-password", views.reset_password, name="reset_password"),
    path("accounts/<int:pk>/unlock", views.unlock, name="unlock"),
    path("grants/<int:pk>/revoke", views.revoke, name="revoke"),
    path("me", views.me, name="me"),
]
