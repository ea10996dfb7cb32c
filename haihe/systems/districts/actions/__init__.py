"""What can be done between platforms: taken in, sent, compared, imported."""

from haihe.systems.districts.actions.exchanging import Round, exchange, retry
from haihe.systems.districts.actions.importing import Imported, import_cases
from haihe.systems.districts.actions.receiving import (
    Sent,
    Told,
    must_be_caller,
    open_photo,
    take_request,
    take_update,
)
from haihe.systems.districts.actions.telling import note_given

__all__ = [
    "Imported",
    "Round",
    "Sent",
    "Told",
    "exchange",
    "import_cases",
    "must_be_caller",
    "note_given",
    "open_photo",
    "retry",
    "take_request",
    "take_update",
]
