"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from haihe.systems.desk import pages

app_name = "desk"
urlpatterns = [
    path("", pages.home, name="home"),
    path("look-up/", pages.look_up, name="look_up"),
    path("identity/", pages.identity, name="identity"),
    path("audit/", pages.audit, name="audit"),
    path("posts/", pages.posts, name="posts"),
    path("posts/<int:key>/", pages.post, name="post"),
    path("posts/<int:key>/give", pages.give, name="give"),
    path("posts/<int:key>/take", pages.take, name="take"),
]
