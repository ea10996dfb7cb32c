"""Others' RDF is read in a process of its own: a hostile page can stop neither pages nor worker.

Not in the process that asks, whose memory all of its requests share, and whose interpreter one
long parse would hold. Few at once, and whoever finds none free is told to come again.
"""

from __future__ import annotations

import json
import subprocess
import sys
from threading import BoundedSemaphore

from haihe.edges import dcat
from haihe.edges.dcat import TERMS, Page, TooHeavy, Unreadable, page_of_json
from haihe.systems.cascade.declare import (
    PARSE_AT_ONCE,
    PARSE_MIB,
    PARSE_S,
    PARSE_WAIT_S,
    PARSE_WALL_S,
)
from haihe.systems.cascade.errors import Busy

_free = BoundedSemaphore(PARSE_AT_ONCE)
_FAULTS = {
    each.code: each
    for each in (
        dcat.DeclaresEntities,
        dcat.RemoteContext,
        dcat.TooLarge,
        dcat.UnknownFormat,
        Unreadable,
    )
}


def read_apart(content: bytes, *, media_type: str, address: str = "") -> Page:
    """As ``edges.dcat.read_page``, bounded in memory and time.

    Errors: its, ``dcat.too_heavy``, ``cascade.busy``.
    """
    if not _free.acquire(timeout=PARSE_WAIT_S):
        raise Busy
    try:
        told = _read(content, media_type=media_type, address=address)
    finally:
        _free.release()
    if told.startswith(b'{"fault"'):
        raise _FAULTS.get(json.loads(told)["fault"], Unreadable)
    return page_of_json(told)


def _read(content: bytes, *, media_type: str, address: str) -> bytes:
    asked = {
        "media_type": media_type,
        "address": address,
        "terms": TERMS,
        "memory_mib": PARSE_MIB,
        "seconds": PARSE_S,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "haihe.edges.dcat.apart"],
            input=json.dumps(asked).encode() + b"\n" + content,
            capture_output=True,
            timeout=PARSE_WALL_S,
            check=False,
            env={"LANG": "C.UTF-8", "PYTHONPATH": ":".join(filter(None, sys.path))},
        )
    except subprocess.TimeoutExpired:
        raise TooHeavy from None
    if done.returncode:
        # Ended by a limit; what it says of itself may quote the document.
        raise TooHeavy
    return done.stdout
