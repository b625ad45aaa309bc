"""Addresses."""

from django.urls import path

from luoshi_web.library import views, views_pages

app_name = "library"
urlpatterns = [
    path("", views.shelf, name="shelf"),
    path("upload", views.upload, name="upload"),
    path("batches/<int:pk>/", views.batch, name="batch"),
    path("jobs/<int:pk>/retry", views.retry, name="retry"),
    path("documents/<int:pk>/", views.document, name="document"),
    path("documents/<int:pk>/change", views.change, name="change"),
    path("documents/<int:pk>/withdraw", views.withdraw, name="withdraw"),
    path("documents/<int:pk>/versions", views.document_versions, name="versions"),
    path("versions/<int:pk>/", views.reading, name="reading"),
    path("versions/<int:pk>/place/<int:start>", views.place, name="place"),
    path("versions/<int:pk>/pages/<int:number>", views_pages.leaf, name="leaf"),
    path("versions/<int:pk>/pages/<int:number>.png", views_pages.picture, name="picture"),
    path("files/<int:pk>/", views.original, name="original"),
    path("terms/", views.terms, name="terms"),
]
