"""Addresses of snap."""

from __future__ import annotations

from django.urls import path

from haihe.systems.snap.pages import filing, hotline, mine, queued

app_name = "snap"
urlpatterns = [
    path("", mine.home, name="home"),
    path("report/", filing.begin, name="begin"),
    path("report/place/", filing.place, name="place"),
    path("report/send/", filing.send, name="send"),
    path("report/me-too/<uuid:case>", filing.me_too, name="me_too"),
    path("report/queued", queued.file_queued, name="file_queued"),
    path("token", queued.token, name="token"),
    path("keeper.js", queued.keeper, name="keeper"),
    path("solved/", filing.solved, name="solved"),
    path("solved/photos/<uuid:photo>", mine.public_photo, name="public_photo"),
    path("mine/<str:number>/", mine.report, name="report"),
    path("mine/<str:number>/photos/<uuid:photo>", mine.photo, name="photo"),
    path("mine/<str:number>/<slug:what>", mine.act, name="act"),
    path("hotline/", hotline.hotline, name="hotline"),
    path("hotline/report/", hotline.look_up, name="hotline_report"),
    path("hotline/report/<slug:what>", hotline.act, name="hotline_act"),
    path("photos/", hotline.photos, name="photos"),
    path("photos/decide", hotline.decide, name="decide"),
]
