"""What can be done with reports, their photos and those who follow them."""

from haihe.systems.snap.actions.blurring import blur_photo, publish_photo, refuse_photo
from haihe.systems.snap.actions.filing import Sent, file_for_caller, file_report
from haihe.systems.snap.actions.filing_received import file_received, forget_receipts
from haihe.systems.snap.actions.following import follow
from haihe.systems.snap.actions.limits import Source
from haihe.systems.snap.actions.looking import look_up, must_be_reporter, open_public_photo
from haihe.systems.snap.actions.photos import Taken, keep_photo
from haihe.systems.snap.actions.receiving import receive_report
from haihe.systems.snap.actions.retention import forget_due

__all__ = [
    "Sent",
    "Source",
    "Taken",
    "blur_photo",
    "file_for_caller",
    "file_received",
    "file_report",
    "follow",
    "forget_due",
    "forget_receipts",
    "keep_photo",
    "look_up",
    "must_be_reporter",
    "open_public_photo",
    "publish_photo",
    "receive_report",
    "refuse_photo",
]
