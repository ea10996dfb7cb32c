"""Finds a city's pack and reads its `city.toml`; no other file of it."""

from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path
from typing import Any

from haihe.base.errors import BadInput, NotFound

CITIES = Path(__file__).resolve().parents[2] / "cities"


class NoCity(NotFound):
    """No pack bears the name that HAIHE_CITY gives."""

    code = "city.unknown"


def pack_folder(city: str) -> Path:
    """The folder of a pack: by its name in `haihe/cities`, or by its path.

    Errors: ``city.unknown``.
    """
    named = CITIES / city
    folder = named if city and (named / "city.toml").exists() else Path(city).expanduser()
    if not city or not (folder / "city.toml").exists():
        known = ", ".join(sorted(path.parent.name for path in CITIES.glob("*/city.toml")))
        raise NoCity(
            f"There is no city pack {city!r}.",
            hint=f"Set HAIHE_CITY to one of {known}, or to the folder of a pack.",
        )
    return folder.resolve()


def read_city(city: str) -> dict[str, Any]:
    """The parsed `city.toml`; ``haihe.bad_input`` names the fault."""
    path = pack_folder(city) / "city.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise BadInput(f"{path.name} can't be read: {fault}.") from None


def systems_on(city: str) -> list[str]:
    """Module paths of the systems that the city has switched on, in its order.

    A short name is a system of `haihe.systems`; a dotted one is a package of the city's own.
    """
    names = [n if "." in n else f"haihe.systems.{n}" for n in read_city(city)["systems"]]
    for name in names:
        if importlib.util.find_spec(name) is None:
            raise BadInput(f"city.toml names the system {name}, which is not installed.")
    return names
