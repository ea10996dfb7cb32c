"""What can be done with services: open, close, give keys, look a subject up for a page."""

from haihe.kernel.services.actions.callers import end_caller, make_caller
from haihe.kernel.services.actions.looks import Answer, look_up, look_up_known
from haihe.kernel.services.actions.opening import close_service, open_service

__all__ = [
    "Answer",
    "close_service",
    "end_caller",
    "look_up",
    "look_up_known",
    "make_caller",
    "open_service",
]
