"""Which class reads which addresses: a kind of source is one class, known by its schemes."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from types import ModuleType
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from haihe.engine.sources.errors import BadSource, NoDriver
from haihe.engine.sources.shape import Source

ENTRY_POINTS = "haihe.sources"
"""Group under which a package outside Haihe names its classes."""


class SourceClass(Protocol):
    """What a class of sources tells of itself, besides making a ``Source`` of an address."""

    @property
    def kind(self) -> str:
        """The kind's name."""
        ...

    @property
    def schemes(self) -> tuple[str, ...]:
        """How its addresses begin."""
        ...

    @property
    def is_tried(self) -> bool:
        """Whether Haihe's own tests have run it against a server of that product."""
        ...

    def __call__(self, address: str, *, connection_cap: int = 2, timeout_s: int = 600) -> Source:
        """The source at an address; nothing is connected yet."""
        ...


_OURS = {
    "dm": "dameng:Dameng",
    "dameng": "dameng:Dameng",
    "file": "files:Files",
    "gaussdb": "opengauss:OpenGauss",
    "http": "http:Http",
    "https": "http:Http",
    "kingbase": "kingbase:Kingbase",
    "kingbasees": "kingbase:Kingbase",
    "mariadb": "mariadb:MariaDB",
    "mssql": "sqlserver:SQLServer",
    "mysql": "mariadb:MariaDB",
    "odbc": "odbc:Odbc",
    "opengauss": "opengauss:OpenGauss",
    "oracle": "oracle:Oracle",
    "postgres": "postgresql:PostgreSQL",
    "postgresql": "postgresql:PostgreSQL",
    "sqlite": "sqlite:SQLite",
    "sqlserver": "sqlserver:SQLServer",
}
"""Haihe's own classes by scheme. They are imported when an address asks for one: with what they
need of others all of them take 70 MiB, a quarter of what a move may have.
"""

Made = TypeVar("Made", bound=SourceClass)
_classes: dict[str, SourceClass] = {}


def register(made: Made) -> Made:
    """Make a class known by its schemes; a later one of the same scheme takes its place."""
    for scheme in made.schemes:
        _classes[scheme] = made
    return made


def forget(scheme: str) -> None:
    """Take a scheme's class away again."""
    _classes.pop(scheme, None)


def class_of(address: str) -> SourceClass:
    """The class that reads an address; ``exchange.source.bad_address``."""
    try:
        scheme = urlsplit(address).scheme.lower()
    except ValueError:
        scheme = ""
    if scheme not in _classes and scheme in _OURS:
        _classes[scheme] = _ours(scheme)
    if scheme not in _classes:
        for point in entry_points(group=ENTRY_POINTS):
            register(point.load())
    try:
        return _classes[scheme]
    except KeyError:
        raise BadSource("The address names no kind of source that Haihe reads.") from None


def schemes() -> dict[str, SourceClass]:
    """Every scheme that is known, with its class."""
    return {scheme: _ours(scheme) for scheme in _OURS} | _classes


def _ours(scheme: str) -> SourceClass:
    module, _, name = _OURS[scheme].partition(":")
    found: SourceClass = getattr(import_module(f"haihe.engine.sources.{module}"), name)
    return found


def kind_of_address(address: str) -> str:
    """The kind that an address names, such as ``postgresql``; ``exchange.source.bad_address``."""
    return class_of(address).kind


def open_source(address: str, *, connection_cap: int = 2, timeout_s: int = 600) -> Source:
    """The source at an address; nothing is connected yet. ``exchange.source.bad_address``.

    No more connections than the cap are opened, and no statement runs longer than the timeout.
    """
    return class_of(address)(address, connection_cap=connection_cap, timeout_s=timeout_s)


def driver(module: str, *, extra: str, product: str) -> ModuleType:
    """A driver that only those install who need it; ``exchange.source.no_driver``."""
    try:
        return import_module(module)
    except ImportError:
        raise NoDriver(
            f"The driver for {product} is not installed.",
            hint=f"Run: pip install 'haihe[{extra}]', then try again.",
        ) from None
