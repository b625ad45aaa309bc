"""Addresses of the comparison pages; part of the register's."""

from django.urls import path

from luoshi_web.register import views_coverage, views_lists, views_sides

urlpatterns = [
    path("compare/", views_sides.comparisons, name="comparisons"),
    path("compare/export", views_sides.comparisons_export, name="comparisons_export"),
    path("compare/<int:pk>/", views_sides.sides, name="sides"),
    path("compare/<int:pk>/export", views_sides.links_export, name="links_export"),
    path("compare/<int:pk>/add", views_sides.add_link, name="add_link"),
    path("compare/<int:pk>/links/<slug:key>", views_sides.link, name="link"),
    path("compare/<int:pk>/links/<slug:key>/judge", views_sides.judge, name="judge"),
    path("coverage/", views_coverage.coverage, name="coverage"),
    path("coverage/export", views_coverage.coverage_export, name="coverage_export"),
    path("coverage/<int:pk>/<slug:key>", views_coverage.cell, name="cell"),
    path("coverage/<int:pk>/<slug:key>/dispose", views_coverage.dispose, name="dispose"),
    path("gaps/", views_coverage.gap_list, name="gaps"),
    path("gaps/export", views_coverage.gaps_export, name="gaps_export"),
    path("gaps/<int:pk>/settle", views_lists.settle_gap, name="settle_gap"),
    path("differences/", views_lists.differences, name="differences"),
    path("differences/export", views_lists.differences_export, name="differences_export"),
    path("unsourced/", views_lists.unsourced, name="unsourced"),
    path("unsourced/export", views_lists.unsourced_export, name="unsourced_export"),
    path("sources/", views_lists.sources, name="sources"),
    path("sources/export", views_lists.sources_export, name="sources_export"),
    path("suspects/", views_lists.suspects, name="suspects"),
    path("suspects/export", views_lists.suspects_export, name="suspects_export"),
    path("suspects/<int:pk>/settle", views_lists.settle_link, name="settle_link"),
]
