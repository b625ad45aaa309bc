"""Addresses."""

from django.urls import include, path

from luoshi_web.register import views, views_ledger, views_rows

app_name = "register"
urlpatterns = [
    path("review/", views.queue, name="queue"),
    path("review/<int:pk>/", views.review, name="review"),
    path("review/<int:pk>/accept-above", views.accept_above, name="accept_above"),
    path("review/<int:pk>/merge", views.merge, name="merge"),
    path("candidates/<int:pk>/form/<str:action>", views.form, name="form"),
    path("candidates/<int:pk>/<str:action>", views.decide, name="decide"),
    path("anchors/", views.anchors, name="anchors"),
    path("commitments/<int:pk>/anchor", views.settle, name="settle"),
    path("", views_ledger.commitments, name="commitments"),
    path("facets", views_ledger.facets, name="facets"),
    path("export", views_ledger.export, name="export"),
    path("views", views_ledger.save_view, name="save_view"),
    path("commitments/<int:pk>/", views_ledger.commitment, name="commitment"),
    path("commitments/<int:pk>/change", views_ledger.change, name="change"),
    path("rows/<int:pk>/", views_rows.row, name="row"),
    path("rows/<int:pk>/form", views_rows.row_form, name="row_form"),
    path("rows/<int:pk>/change", views_rows.change_row, name="change_row"),
    path("rows/change", views_rows.change_many, name="change_many"),
    path("commitments/<int:pk>/withdraw", views_ledger.withdraw, name="withdraw"),
    path("", include("luoshi_web.register.urls_comparing")),
]
