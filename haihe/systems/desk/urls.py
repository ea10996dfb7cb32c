"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from haihe.systems.desk.pages import audit, home, persons, posts

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("look-up/", persons.look_up, name="look_up"),
    path("identity/", persons.identity, name="identity"),
    path("audit/", audit.audit, name="audit"),
    path("posts/", posts.posts, name="posts"),
    path("posts/<int:key>/", posts.post, name="post"),
    path("posts/<int:key>/give", posts.give, name="give"),
    path("posts/<int:key>/take", posts.take, name="take"),
]
