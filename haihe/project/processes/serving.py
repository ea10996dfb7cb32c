"""The serving processes: pages by WSGI threads, governed calls by ASGI; never in one process."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.net import SocketHolder

from haihe.base.settings import settings
from haihe.engine.children import follow_parent

BACKLOG = 1024
DOOR = "HAIHE_PAGES_DOOR"
"""Names the open socket that several processes share, where the house hands one on."""


class _AtDoor(Granian):
    """A server that takes connections at a socket which is open already."""

    door = -1

    def _init_shared_socket(self) -> None:
        self._shd, self._sfd = SocketHolder(self.door, False, BACKLOG), self.door
        self._ssp = self._sso = None


def _load(path: str, *, parent: int) -> Callable[..., Any]:
    """The application, inside a worker of the server: which must not outlive its parent."""
    follow_parent(signal.SIGKILL, parent=parent)
    module, _, name = path.partition(":")
    loaded: Callable[..., Any] = getattr(import_module(module), name)
    return loaded


def _serve(path: str, *, interface: Interfaces, port: int, **more: Any) -> None:
    door = int(os.environ.get(DOOR, "-1")) if interface == Interfaces.WSGI else -1
    server = (Granian if door < 0 else _AtDoor)(
        path,
        address=settings().host,
        port=port,
        interface=interface,
        log_access=False,
        websockets=False,
        **more,
    )
    if isinstance(server, _AtDoor):
        server.door = door
    server.serve(target_loader=partial(_load, path, parent=os.getpid()), wrap_loader=False)


def serve_pages() -> None:
    """Serve the pages until told to stop; several processes may share one socket (``DOOR``)."""
    _serve(
        "haihe.project.wsgi:application",
        interface=Interfaces.WSGI,
        port=settings().pages_port,
        blocking_threads=8,
        # Long enough for a large workbook that is being read; the supervisor waits less at its end.
        workers_kill_timeout=30,
    )


def serve_services() -> None:
    """Serve the governed calls until told to stop."""
    _serve(
        "haihe.project.calls:app",
        interface=Interfaces.ASGI,
        port=settings().services_port,
        workers_kill_timeout=3,
    )
