"""Every `HAIHE_*` setting, read once into one typed object. Never a city's values."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

from haihe.base.errors import BadInput

TIANDITU = "tianditu"
"""What names the national base map instead of tiles of one's own."""


class BadSetting(BadInput):
    """A `HAIHE_*` variable holds something that can't be used."""

    code = "settings.bad"


def _setting(default: Any, sentence: str) -> Any:
    """A field that carries its sentence for the reference."""
    return field(default=default, metadata={"sentence": sentence})


@dataclass(frozen=True)
class Settings:
    """The settings of one Haihe. Each field is the variable ``HAIHE_<FIELD>`` in capitals."""

    data: Path = _setting(Path("var"), "Folder that holds the database, the lake, keys and files.")
    city: str = _setting("", "City pack: its name in haihe/cities, or a folder's path.")
    database_url: str = _setting(
        "", "External PostgreSQL (15 or newer) instead of the embedded server."
    )
    host: str = _setting("127.0.0.1", "Address that pages and services listen on.")
    pages_port: int = _setting(8000, "Port of the pages.")
    services_port: int = _setting(8001, "Port of the governed calls.")
    pages_processes: int = _setting(
        0,
        "How many processes serve the pages on their one port; 0: one for every two cores, as far"
        " as a quarter of the memory holds them at 512 MiB each, 16 at most.",
    )
    hosts: str = _setting("localhost,127.0.0.1", "Host names that pages answer to, by comma.")
    address: str = _setting(
        "",
        "Address under which others reach the pages, as https://data.city.example: what the"
        " catalogue calls itself; by default as each request names it.",
    )
    trial: bool = _setting(
        False, "Catalogues may be harvested from this very machine: for trials alone."
    )
    demo: bool = _setting(False, "Demo mode: made-up city, demo accounts. Never with real people.")
    demo_scale: int = _setting(0, "How many people the demo has; 0 means as the city pack says.")
    secure: bool = _setting(False, "Served over HTTPS: cookies are sent over HTTPS only.")
    proxies: int = _setting(
        0, "How many proxies of yours stand before the pages; each writes X-Forwarded-For."
    )
    officer_idle_minutes: int = _setting(
        15, "Minutes without a request that end an officer's session."
    )
    officer_session_minutes: int = _setting(480, "Minutes after which an officer signs in again.")
    citizen_idle_minutes: int = _setting(
        60, "Minutes without a request that end a citizen's session."
    )
    citizen_session_minutes: int = _setting(1440, "Minutes after which a citizen signs in again.")
    quarantine_days: int = _setting(
        180, "Days after a batch's end that its rows in quarantine are removed, mended or not."
    )
    export_hours: int = _setting(
        168, "Hours that delivered files can be fetched; then they are removed."
    )
    lake_days: int = _setting(
        1096, "Days that the lake keeps former states of a table; no less than a look's legal term."
    )
    officer_name_days: int = _setting(
        1096, "Days after an officer has left that name and sign-in name are removed."
    )
    ledger_origin: str = _setting(
        "", "Name of the ledger in its checkpoints, a host and path; default from the city."
    )
    gateway_url: str = _setting("", "Address of the SMS and WeChat gateway (POST …/messages).")
    gateway_token: str = _setting("", "Bearer token for that gateway.")
    mail_url: str = _setting("", "Mail server: smtps://user:password@host:465?from=address.")
    platforms: str = _setting(
        "",
        "Addresses and keys of districts' platforms, by space: code=https://…/v2/#key"
        " (the key may be missing).",
    )
    witness_url: str = _setting("", "Address of the ledger's witness, outside the operator.")
    witness_key: str = _setting("", "Verifier key of the witness (signed-note form).")
    lake: str = _setting("", "Folder of the lake's files; default inside the data.")
    map_tiles: str = _setting(
        "",
        "Base map: tianditu (天地图, with a key), or your own tiles as https://…/{z}/{x}/{y}.png;"
        " none by default, which draws the city's outlines.",
    )
    map_key: str = _setting("", "Key for 天地图, of the kind for browsers.")
    map_datum: str = _setting(
        "WGS-84", "Coordinate system of that base map: WGS-84, GCJ-02 or CGCS2000."
    )
    map_note: str = _setting("", "Words on the base map: its source and map approval number.")
    test_data: Path = _setting(Path("../shared/data"), "Folder of real data for tests.")
    log_level: str = _setting("info", "Least severity that is logged.")

    @property
    def lake_path(self) -> str:
        """Where the lake's Parquet files lie."""
        return self.lake or str(self.data / "lake")

    @property
    def ledger_name(self) -> str:
        """Name (origin) of the ledger in its checkpoints, cosignatures and promises."""
        return self.ledger_origin or f"{Path(self.city).name or 'haihe'}.haihe.example/ledger"

    @property
    def ledger_path(self) -> Path:
        """Folder of the ledger's public files: tiles, entry bundles, newest checkpoint."""
        return self.data / "ledger"

    @property
    def keys_path(self) -> Path:
        """Folder of the keys, readable by the owner only."""
        return self.data / "keys"


def _read(kind: str, name: str, text: str) -> Any:
    if kind == "bool":
        lowered = text.lower()
        if lowered not in {"1", "0", "true", "false", "yes", "no", "on", "off"}:
            raise BadSetting(f"{name} is {text!r}.", hint="Write yes or no.")
        return lowered in {"1", "true", "yes", "on"}
    if kind == "int":
        if not text.isdecimal():
            raise BadSetting(f"{name} is {text!r}.", hint="Write a whole number.")
        return int(text)
    return Path(text).expanduser().resolve() if kind == "Path" else text


def read(environment: Mapping[str, str]) -> Settings:
    """Read the settings from an environment.

    Errors: ``settings.bad`` for a value that can't be used.
    """
    known = {f"HAIHE_{each.name.upper()}": each for each in fields(Settings)}
    given: dict[str, Any] = {}
    for name, each in known.items():
        text = environment.get(name, "")
        value = text if text else str(each.default)
        if text or each.type == "Path":
            given[each.name] = _read(str(each.type), name, value)
    if "://" in given.get("lake", ""):
        raise BadSetting(
            "HAIHE_LAKE holds an address.",
            hint="Write a folder's path: the lake's files lie on a disk of this machine.",
        )
    if given.get("map_datum", "WGS-84") not in {"WGS-84", "GCJ-02", "CGCS2000"}:
        raise BadSetting(
            f"HAIHE_MAP_DATUM is {given['map_datum']!r}.",
            hint="Write WGS-84, GCJ-02 or CGCS2000, as whoever serves the base map says.",
        )
    return _must_reach(Settings(**given))


def _must_reach(found: Settings) -> Settings:
    """Refuse a 天地图 without its key, or said to be in a datum that it is not in."""
    if found.map_tiles == TIANDITU and not found.map_key.isalnum():
        raise BadSetting("HAIHE_MAP_KEY is no key.", hint="Ask for one at lbs.tianditu.gov.cn.")
    if found.map_tiles == TIANDITU and found.map_datum == "GCJ-02":
        raise BadSetting("天地图 is in CGCS2000.", hint="Leave HAIHE_MAP_DATUM out.")
    return found


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return read(os.environ)
