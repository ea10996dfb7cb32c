"""What can be done with reports, their photos and those who follow them."""

from haihe.systems.snap.actions.blurring import blur_photo, publish_photo, refuse_photo
from haihe.systems.snap.actions.filing import Sent, file_for_caller, file_report, file_whole
from haihe.systems.snap.actions.following import follow
from haihe.systems.snap.actions.limits import Source
from haihe.systems.snap.actions.looking import look_up, must_be_reporter, open_public_photo
from haihe.systems.snap.actions.photos import Taken, keep_photo
from haihe.systems.snap.actions.retention import forget_due

__all__ = [
    "Sent",
    "Source",
    "Taken",
    "blur_photo",
    "file_for_caller",
    "file_report",
    "file_whole",
    "follow",
    "forget_due",
    "keep_photo",
    "look_up",
    "must_be_reporter",
    "open_public_photo",
    "publish_photo",
    "refuse_photo",
]
