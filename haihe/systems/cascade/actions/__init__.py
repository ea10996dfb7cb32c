"""What can be done with other catalogues. The only code that writes their rows."""

from haihe.systems.cascade.actions.harvesting import harvest
from haihe.systems.cascade.actions.receiving import Taken, receive_page
from haihe.systems.cascade.actions.sending import send_catalogue
from haihe.systems.cascade.actions.sources import (
    ask_to_read,
    name_source,
    resume_source,
    stop_source,
)

__all__ = [
    "Taken",
    "ask_to_read",
    "harvest",
    "name_source",
    "receive_page",
    "resume_source",
    "send_catalogue",
    "stop_source",
]
