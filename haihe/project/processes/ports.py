"""Whether a port can be listened on, asked before anything is started."""

from __future__ import annotations

import errno
import socket

from haihe.project.errors import PortTaken

_REASONS = {
    errno.EADDRINUSE: ("is taken by another program", "Stop that program, or set {setting}."),
    errno.EACCES: ("may be opened only by root", "Set {setting} to 1024 or more."),
    errno.EADDRNOTAVAIL: ("is at an address that this machine does not have", "Set HAIHE_HOST."),
}


def check_port(host: str, port: int, *, whose: str, setting: str) -> None:
    """Raise ``start.port_taken`` unless host and port can be listened on now.

    ``whose`` and ``setting`` stand in its sentence: what listens there, what moves it.
    """
    try:
        kind, protocol, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][
            0:5
        ]
    except (socket.gaierror, OverflowError):
        raise PortTaken(
            f"{host}:{port} is no address.", hint=f"Set HAIHE_HOST and {setting}."
        ) from None
    with socket.socket(kind, protocol) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(address)
            trial.listen(1)
        except OSError as fault:
            why, hint = _REASONS.get(fault.errno or 0, (str(fault), "Set {setting}."))
            raise PortTaken(
                f"Port {port} on {host} ({whose}) {why}.", hint=hint.format(setting=setting)
            ) from None
