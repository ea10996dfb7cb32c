"""What GeoReport speaks of. An empty text, None and an empty tuple all mean: not said."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Service:
    """One kind of thing that can be reported. ``metadata``: a definition with attributes exists."""

    code: str
    name: str
    description: str = ""
    metadata: bool = False
    type: str = "realtime"
    keywords: tuple[str, ...] = ()
    group: str = ""


@dataclass(frozen=True)
class Attribute:
    """One further question of a service; ``values`` are key and name of what can be chosen."""

    code: str
    description: str = ""
    datatype: str = "string"
    required: bool = False
    variable: bool = True
    order: int = 1
    datatype_description: str = ""
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Definition:
    """The attributes of a service."""

    code: str
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True)
class Request:
    """One service request. ``lon`` and ``lat`` in degrees of WGS-84.

    ``status`` is ``open`` or ``closed``. The last two are extensions, told to partners alone:
    ``extended`` the status in mySociety's words, ``reference`` the number that whoever sent it
    gave it (``service_request_id_ext``).
    """

    id: str
    status: str = "open"
    status_notes: str = ""
    service_code: str = ""
    service_name: str = ""
    description: str = ""
    agency: str = ""
    notice: str = ""
    requested: datetime | None = None
    updated: datetime | None = None
    expected: datetime | None = None
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    media_url: str = ""
    extended: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Accepted:
    """The answer to what was sent: the number it was given, or a token to ask for it with."""

    id: str = ""
    token: str = ""
    notice: str = ""
    account_id: str = ""


@dataclass(frozen=True)
class Token:
    """A token and the number of the request that it stands for."""

    token: str
    id: str = ""


@dataclass(frozen=True)
class Update:
    """One word on a request. ``reference`` is the number that whoever sent it gave it."""

    id: str
    request: str
    status: str = ""
    description: str = ""
    updated: datetime | None = None
    media_url: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Fault:
    """One thing that was wrong: an HTTP status or a code of the server's, and a sentence."""

    code: str
    description: str


@dataclass(frozen=True)
class Discovery:
    """Where a server's endpoints are, and of which specification."""

    changed: datetime
    contact: str
    url: str
    formats: tuple[str, ...] = field(default=("text/xml", "application/json"))
