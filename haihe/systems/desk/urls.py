"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from haihe.systems.desk.pages import (
    accounts,
    audit,
    case,
    cases,
    handing,
    home,
    inbox,
    officers,
    opening,
    persons,
    postings,
    posts,
    views,
)

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("look-up/", persons.look_up, name="look_up"),
    path("identity/", persons.identity, name="identity"),
    path("cases/", cases.inbox, name="cases"),
    path("cases/map/", cases.on_map, name="cases_map"),
    path("cases/at-once", cases.at_once, name="cases_at_once"),
    path("cases/export", cases.export, name="cases_export"),
    path("cases/hand-over/", handing.hand_over, name="hand_over"),
    path("cases/views", views.keep, name="keep_view"),
    path("cases/views/<int:key>", views.drop, name="drop_view"),
    path("messages/", inbox.messages, name="messages"),
    path("messages/read-all", inbox.read_all, name="read_all"),
    path("messages/<uuid:key>", inbox.read, name="read"),
    path("cases/new/", opening.choose, name="choose"),
    path("cases/new/<str:name>/", opening.open_one, name="open"),
    path("cases/<uuid:key>/", case.case, name="case"),
    path("cases/<uuid:key>/photos/<uuid:photo>", case.photo, name="case_photo"),
    path("cases/<uuid:key>/<slug:action>", case.step, name="case_step"),
    path("audit/", audit.audit, name="audit"),
    path("officers/", officers.officers, name="officers"),
    path("officers/join/", officers.join, name="join"),
    path("officers/<int:key>/", officers.officer, name="officer"),
    path("officers/<int:key>/give-post", postings.give_post, name="give_post"),
    path("officers/<int:key>/take-post", postings.take_post, name="take_post"),
    path("officers/<int:key>/transfer", postings.transfer, name="transfer"),
    path("officers/<int:key>/leave/", postings.leave, name="leave"),
    path("officers/<int:key>/lock", accounts.lock, name="lock"),
    path("officers/<int:key>/unlock", accounts.unlock, name="unlock"),
    path("officers/<int:key>/reset/", accounts.reset, name="reset"),
    path("posts/", posts.posts, name="posts"),
    path("posts/<int:key>/", posts.post, name="post"),
    path("posts/<int:key>/give", posts.give, name="give"),
    path("posts/<int:key>/take", posts.take, name="take"),
]
