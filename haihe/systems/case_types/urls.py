"""Addresses of case types."""

from __future__ import annotations

from django.urls import path

from haihe.systems.case_types.pages import drafts, editing, types

app_name = "case_types"
urlpatterns = [
    path("", types.types, name="types"),
    path("new/", editing.edit, name="edit"),
    path("drafts/<uuid:key>/", drafts.draft, name="draft"),
    path("drafts/<uuid:key>/approve", drafts.approve, name="approve"),
    path("drafts/<uuid:key>/publish", drafts.publish, name="publish"),
    path("of/<str:name>/", types.case_type, name="type"),
    path("of/<str:name>/<int:number>/move/", types.move, name="move"),
]
