"""One question to an HTTP server, asked again while it is busy; bounded in size and in time.

Redirects are not followed: a key goes to the house that it was given for, and nowhere else.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from urllib.parse import SplitResult

from haihe.base.errors import HaiheError
from haihe.engine.sources import errors

TRIES = 6
LONGEST_WAIT_S = 120.0
"""Longest wait that a Retry-After is followed for."""
_MOST_BYTES = 64 << 20
_CHUNK = 1 << 20
_LATER = {408, 425, 429, 500, 502, 503, 504}


@dataclass(frozen=True)
class Answer:
    """What was answered: status, headers (names in lower case), body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Asking:
    """Questions to one house (scheme, host, port), over one connection that is kept."""

    house: SplitResult
    headers: Mapping[str, str]
    timeout_s: int
    cafile: str | None = None
    sleep: Callable[[float], object] = time.sleep
    _connection: HTTPConnection | None = field(default=None, repr=False)
    _ends: float = field(default=0.0, repr=False)

    def begin(self) -> None:
        """From now on all questions together may take the timeout."""
        self._ends = time.monotonic() + self.timeout_s

    def get(self, path: str) -> Answer:
        """What stands at a path and query; errors those of ``engine.sources.errors``."""
        return self.ask("GET", path)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        more: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer to one question; a server that is busy or gone is asked again in a while."""
        self.begin() if not self._ends else None
        for number in range(1, TRIES + 1):
            answer = self._tried(method, path, body, {**self.headers, **(more or {})})
            if answer is not None and answer.status not in _LATER:
                must_be_good(answer)
                return answer
            self._wait(answer, number)
        if answer is None:
            raise errors.Unreachable
        raise errors.CutOff(f"The interface answers {answer.status}, however often it is asked.")

    def save(self, path: str, into: Path) -> None:
        """Write what stands at a path into a file; a download that broke off is taken up."""
        into.touch()
        for number in range(1, TRIES + 1):
            got = into.stat().st_size
            ranged = {"Range": f"bytes={got}-"} if got else {}
            answer = self._tried("GET", path, None, {**self.headers, **ranged}, into=into)
            if answer is not None and answer.status == 416:
                return
            if answer is not None and answer.status not in _LATER:
                must_be_good(answer)
                if "cut" not in answer.headers:
                    return
            self._wait(answer, number)
        raise errors.CutOff("A file of the interface broke off, however often it was taken up.")

    def close(self) -> None:
        """End the connection; from another thread it ends the question that runs."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(OSError):
                connection.close()

    def _tried(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        *,
        into: Path | None = None,
    ) -> Answer | None:
        """One try; None where no answer came."""
        try:
            if self._connection is None:
                self._connection = self._connected()
            self._connection.request(method, path, body=body, headers=dict(headers))
            found = self._connection.getresponse()
            told = {name.lower(): value for name, value in found.getheaders()}
            if into is not None and found.status in {200, 206}:
                return _kept(found, told, into)
            return Answer(found.status, told, _body(found))
        except ssl.SSLError:
            self.close()
            raise errors.NoSecureChannel from None
        except (OSError, HTTPException):
            self.close()
            return None

    def _connected(self) -> HTTPConnection:
        host, patience = self.house.hostname or "", min(self.timeout_s, 60)
        if self.house.scheme != "https":
            return HTTPConnection(host, self.house.port, timeout=patience)
        context = ssl.create_default_context(cafile=self.cafile)
        return HTTPSConnection(host, self.house.port, timeout=patience, context=context)

    def _wait(self, answer: Answer | None, number: int) -> None:
        """Wait as long as the server asks, else longer each time; never past the timeout."""
        asked = _retry_after(answer) if answer else None
        wait = min(0.25 * 2**number, 8.0) if asked is None else asked
        if wait > LONGEST_WAIT_S or time.monotonic() + wait > self._ends:
            raise (
                errors.TooSlow(f"The interface asks to come back in {wait:.0f} s.")
                if asked
                else (errors.Unreachable() if answer is None else errors.TooSlow())
            )
        self.sleep(wait)


def must_be_good(answer: Answer) -> None:
    """Refuse what is no answer to read: wrong key, no right, no such thing, a redirect."""
    status = answer.status
    if 200 <= status < 300:
        return
    faults: dict[int, HaiheError] = {
        401: errors.WrongPassword("The interface refuses the key."),
        403: errors.NoRights("The interface's key may not read this."),
        404: errors.UnknownTable("The interface has nothing at this address."),
        410: errors.UnknownTable("What the interface had at this address is gone for good."),
    }
    if 300 <= status < 400:
        raise errors.Refused(
            "The interface leads elsewhere, which is not followed.",
            hint="Give the address that it leads to, if the department says that it is theirs.",
        )
    raise faults.get(status, errors.Refused(f"The interface answers {status}."))


def _body(found: HTTPResponse) -> bytes:
    body = found.read(_MOST_BYTES + 1)
    if len(body) > _MOST_BYTES:
        raise errors.TooWide(
            "The interface's page is larger than can be taken; ask for less a page."
        )
    return body


def _kept(found: HTTPResponse, told: dict[str, str], into: Path) -> Answer:
    """Add the bytes to the file; ``cut`` among the headers where fewer came than were told."""
    with into.open("ab" if found.status == 206 else "wb") as file:
        try:
            while chunk := found.read(_CHUNK):
                file.write(chunk)
        except HTTPException:
            return Answer(found.status, {**told, "cut": "1"}, b"")
    return Answer(found.status, told, b"")


def _retry_after(answer: Answer) -> float | None:
    """Seconds that the server asks to wait: a number or a moment (RFC 9110, 10.2.3)."""
    told = answer.headers.get("retry-after", "").strip()
    if told.isdigit():
        return float(told)
    try:
        return max((parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None
