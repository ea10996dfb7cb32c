"""Reads `link.toml`: where rows come from, where they go, which tables. Secrets stand elsewhere."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote, urlsplit, urlunsplit

from haihe.base.errors import BadInput

KINDS = {
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "mariadb": "mariadb",
    "mysql": "mariadb",
    "lake": "lake",
    "file": "files",
}
_TOP = {"name", "window", "quarantine", "source", "target", "tables"}
_END = {"address", "password_env", "password_file", "files", "connections", "timeout_s"}
_TABLE = {"source", "target", "keys", "columns", "mode", "watermark", "overlap_s"}
_HEADING = re.compile(r"\s*\[\[?\s*([\w.-]+)\s*\]\]?")
_WINDOW = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


class BadLinkFile(BadInput):
    """A link's file can't be used; the message names the file and its line."""

    code = "exchange.link_file.bad"
    hint = "Correct that line; docs/howto/move-and-reconcile.md shows a whole file."


@dataclass(frozen=True)
class End:
    """A database at one end, its password filled in: so it has no ``repr`` of its address."""

    kind: str
    address: str
    files: str = ""
    connections: int = 2
    timeout_s: int = 600

    def __repr__(self) -> str:
        """The kind alone."""
        return f"End({self.kind})"


@dataclass(frozen=True)
class TableLink:
    """One table of a link. No ``columns``: all. No ``keys``: the primary key of the source."""

    source: str
    target: str
    keys: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    mode: str = "full"
    watermark: str = ""
    overlap_s: int = 300


@dataclass(frozen=True)
class Window:
    """The hours of a day, in the machine's own zone, in which the databases may be read."""

    opens: time
    closes: time

    def is_open(self, moment: datetime) -> bool:
        """Whether the moment lies inside; a window may reach over midnight.

        >>> Window(time(22), time(6)).is_open(datetime(2026, 1, 2, 3))
        True
        """
        clock = moment.time()
        if self.opens <= self.closes:
            return self.opens <= clock < self.closes
        return clock >= self.opens or clock < self.closes


@dataclass(frozen=True)
class LinkFile:
    """A whole link. ``quarantine``: a folder for rows that break their column's kind."""

    name: str
    source: End
    target: End
    tables: tuple[TableLink, ...]
    window: Window | None = None
    quarantine: Path | None = None


def read_link(path: Path | str) -> LinkFile:
    """A link from its file. Errors: ``exchange.link_file.bad``, with the line and what to do."""
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8")
    except OSError:
        raise BadLinkFile(f"{file} can't be read.", hint="Name a file that is there.") from None
    except UnicodeDecodeError:
        raise BadLinkFile(f"{file} is not UTF-8.", hint="Save it in UTF-8.") from None
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise BadLinkFile(f"{file.name} is no TOML: {fault}.") from None
    return _Reader(file, text, given).link()


class _Reader:
    """One file, with the line of each of its words."""

    def __init__(self, file: Path, text: str, given: dict[str, Any]) -> None:
        self.file, self.given = file, given
        self._lines = _lines(text)

    def fail(self, place: str, key: str, sentence: str, *, hint: str = "") -> NoReturn:
        """Refuse what stands at a key, or the section that lacks it."""
        line = self._lines.get((place, key)) or self._lines.get((place, "")) or 1
        raise BadLinkFile(f"{self.file.name}, line {line}: {sentence}", hint=hint or None)

    def link(self) -> LinkFile:
        """The whole file."""
        self._known("", self.given, _TOP)
        source, target = self._end("source"), self._end("target")
        if target.kind == "files":
            self.fail("target", "address", "files are no target here.",
                      hint="Use a postgresql:// or lake:// address.")  # fmt: skip
        tables = self.given.get("tables")
        if not isinstance(tables, list) or not tables:
            self.fail("", "tables", "no table is named.", hint="Add a [[tables]] section.")
        quarantine = self._text("", self.given, "quarantine")
        return LinkFile(
            name=self._text("", self.given, "name") or self.file.stem,
            source=source,
            target=target,
            tables=tuple(self._table(number, table) for number, table in enumerate(tables)),
            window=self._window(),
            quarantine=self.file.parent / quarantine if quarantine else None,
        )

    def _known(self, place: str, section: Mapping[str, Any], names: Iterable[str]) -> None:
        for key in section:
            if key not in names:
                known = ", ".join(sorted(names))
                self.fail(place, key, f"{key!r} is not known here.", hint=f"Known: {known}.")

    def _text(self, place: str, section: Mapping[str, Any], key: str) -> str:
        value = section.get(key, "")
        if not isinstance(value, str):
            self.fail(place, key, f"{key} must be a text.", hint='Write it in "quotes".')
        return value

    def _number(self, place: str, section: Mapping[str, Any], key: str, default: int) -> int:
        value = section.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 86_400:
            self.fail(place, key, f"{key} must be a whole number from 0 to 86400.")
        return value

    def _texts(self, place: str, section: Mapping[str, Any], key: str) -> tuple[str, ...]:
        value = section.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.fail(place, key, f"{key} must be a list of texts.", hint=f'{key} = ["id"]')
        return tuple(value)

    def _end(self, place: str) -> End:
        section = self.given.get(place)
        if not isinstance(section, dict):
            self.fail("", place, f"there is no [{place}].", hint=f"Add [{place}] with an address.")
        self._known(place, section, _END)
        address = self._text(place, section, "address")
        try:
            parts = urlsplit(address)
            has_password = bool(parts.password)
        except ValueError:
            self.fail(place, "address", "the address can't be read.")
        kind = KINDS.get(parts.scheme.lower())
        if kind is None:
            known = ", ".join(f"{name}://" for name in KINDS)
            self.fail(place, "address", "the address names no kind of database.",
                      hint=f"Begin it with one of {known}.")  # fmt: skip
        if has_password or "password=" in parts.query:
            self.fail(place, "address", "the address holds a password.",
                      hint="Take it out; name password_env or password_file instead.")  # fmt: skip
        files = self._text(place, section, "files")
        if (kind == "lake") != bool(files):
            self.fail(place, "files", "a lake, and only a lake, names the folder of its files.",
                      hint='files = "/var/lib/haihe/lake"')  # fmt: skip
        return End(
            kind=kind,
            address=_with_password(address, self._password(place, section), kind=kind),
            files=files,
            connections=max(1, self._number(place, section, "connections", 2)),
            timeout_s=max(1, self._number(place, section, "timeout_s", 600)),
        )

    def _password(self, place: str, section: Mapping[str, Any]) -> str:
        variable = self._text(place, section, "password_env")
        named = self._text(place, section, "password_file")
        if variable and named:
            self.fail(place, "password_file", "password_env and password_file are both named.",
                      hint="Keep one of them.")  # fmt: skip
        if variable and variable not in os.environ:
            self.fail(place, "password_env", f"the environment has no {variable}.",
                      hint=f"Set {variable} to the password, then run the command.")  # fmt: skip
        if not named:
            return os.environ[variable] if variable else ""
        try:
            return (self.file.parent / named).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError):
            self.fail(place, "password_file", f"the file {named} can't be read.",
                      hint="Name a file beside this one that you may read.")  # fmt: skip

    def _table(self, number: int, section: Any) -> TableLink:
        place = f"tables#{number}"
        if not isinstance(section, dict):
            self.fail("", "tables", "a table is a section.", hint="Write [[tables]] above it.")
        self._known(place, section, _TABLE)
        source = self._text(place, section, "source")
        if not source:
            self.fail(place, "source", "no source table is named.", hint='source = "households"')
        mode = self._text(place, section, "mode") or "full"
        watermark = self._text(place, section, "watermark")
        if mode not in {"full", "watermark"}:
            self.fail(place, "mode", f"{mode!r} is no mode.", hint="Known: full, watermark.")
        if (mode == "watermark") != bool(watermark):
            self.fail(place, "watermark", "the mode watermark, and only it, names its column.",
                      hint='mode = "watermark" and watermark = "changed_at"')  # fmt: skip
        return TableLink(
            source=source,
            target=self._text(place, section, "target") or source,
            keys=self._texts(place, section, "keys"),
            columns=self._texts(place, section, "columns"),
            mode=mode,
            watermark=watermark,
            overlap_s=self._number(place, section, "overlap_s", 300),
        )

    def _window(self) -> Window | None:
        text = self._text("", self.given, "window")
        if not text:
            return None
        found = _WINDOW.fullmatch(text)
        if found is None:
            self.fail("", "window", f"{text!r} is no window.", hint='window = "22:00-06:00"')
        hours = [int(each) for each in found.groups()]
        return Window(time(hours[0], hours[1]), time(hours[2], hours[3]))


def _lines(text: str) -> dict[tuple[str, str], int]:
    """The line of each section (``"source", ""``) and key; tables are ``tables#0`` and so on."""
    lines: dict[tuple[str, str], int] = {}
    place, tables = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        heading = _HEADING.match(line)
        if heading and "=" not in line:
            place = heading[1]
            if place == "tables":
                place, tables = f"tables#{tables}", tables + 1
            lines.setdefault((place, ""), number)
            lines.setdefault(("", heading[1]), number)
        elif "=" in line:
            lines.setdefault((place, line.split("=")[0].strip().strip("\"'")), number)
    return lines


def _with_password(address: str, password: str, *, kind: str) -> str:
    """The address as the engine reads it: with its password, and of a lake's catalogue."""
    parts = urlsplit(address)
    scheme = "postgresql" if kind == "lake" else parts.scheme
    netloc = parts.netloc
    if password:
        user, _, host = netloc.rpartition("@")
        netloc = f"{user}:{quote(password, safe='')}@{host}"
    return urlunsplit((scheme, netloc, parts.path, parts.query, ""))
