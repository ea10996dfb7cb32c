"""Open311 GeoReport v2 with service-request updates: values read and written as JSON and XML. Pure.

Sources: Open311's GeoReport v2 (frozen 2010); mySociety's extension of updates and statuses.
"""

from haihe.edges.open311.faults import Unreadable
from haihe.edges.open311.moments import read_moment, write_moment
from haihe.edges.open311.reading import (
    read_accepted,
    read_definition,
    read_faults,
    read_requests,
    read_services,
    read_tokens,
    read_updates,
)
from haihe.edges.open311.statuses import (
    CLOSED_STATUSES,
    OPEN_STATUSES,
    STATUSES,
    basic,
    is_open,
    read_status,
)
from haihe.edges.open311.values import (
    Accepted,
    Attribute,
    Definition,
    Discovery,
    Fault,
    Request,
    Service,
    Token,
    Update,
)
from haihe.edges.open311.writing import (
    FORMATS,
    write_accepted,
    write_definition,
    write_discovery,
    write_faults,
    write_requests,
    write_services,
    write_tokens,
    write_updates,
)

__all__ = [
    "CLOSED_STATUSES",
    "FORMATS",
    "OPEN_STATUSES",
    "STATUSES",
    "Accepted",
    "Attribute",
    "Definition",
    "Discovery",
    "Fault",
    "Request",
    "Service",
    "Token",
    "Unreadable",
    "Update",
    "basic",
    "is_open",
    "read_accepted",
    "read_definition",
    "read_faults",
    "read_moment",
    "read_requests",
    "read_services",
    "read_status",
    "read_tokens",
    "read_updates",
    "write_accepted",
    "write_definition",
    "write_discovery",
    "write_faults",
    "write_moment",
    "write_requests",
    "write_services",
    "write_tokens",
    "write_updates",
]
