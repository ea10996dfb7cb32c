"""A platform with a JSON form of its own, mapped by paths in the pack."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from haihe.edges.open311 import Accepted, Request, Update, read_moment, write_moment
from haihe.engine import geometry
from haihe.systems.districts.declare import Form, Platform
from haihe.systems.districts.drivers.asking import Parcel, Photo, Word, call, query, same_house
from haihe.systems.districts.errors import Down, Refused

WGS = "WGS-84"


class MappedHttp:
    """Reads ``GET list?since=`` and posts to ``send`` and ``send_update``; see ``Driver``."""

    def __init__(self, platform: Platform) -> None:
        self._is = platform
        self._base = platform.address.rstrip("/")
        self._form = platform.taken or Form({})

    def find(self, reference: str, since: datetime) -> str:
        """By the reference that its list repeats."""
        listed = self.requests(since, since)
        return next((each.id for each in listed if each.reference == reference), "")

    def send(self, parcel: Parcel) -> Accepted:
        """POST the mapped fields; the number stands where ``id`` is mapped to."""
        if not self._form.send:
            raise Refused("The pack names no address to send to.")
        lon, lat = _moved(parcel.lon, parcel.lat, WGS, self._form.datum)
        known = {
            "reference": parcel.reference,
            "category": parcel.service,
            "lon": lon,
            "lat": lat,
            "description": parcel.description,
            "requested": write_moment(parcel.requested),
        }
        found = self._post(self._form.send, known)
        entry = at(found, self._form.answer)
        return Accepted(_text(at(entry, self._form.fields.get("id", "id"))))

    def exchange_token(self, token: str) -> str:
        """There are none."""
        return ""

    def find_word(self, word: Word, since: datetime) -> str:
        """What was sent twice is told apart by the platform itself, by its reference."""
        return ""

    def send_word(self, word: Word) -> str:
        """POST the mapped fields of a step."""
        if not self._form.send_update:
            raise Refused("The pack names no address to send steps to.")
        known = {
            "update_id": word.reference,
            "id": word.request,
            "status": word.status,
            "description": word.description,
            "updated": write_moment(word.updated),
        }
        self._post(self._form.send_update, known)
        return ""

    def requests(self, since: datetime, until: datetime) -> Iterator[Request]:
        """GET the list and read each entry by its paths."""
        url = query(f"{self._base}/{self._form.list}", since=write_moment(since))
        listed = at(self._json(url), self._form.items)
        for each in listed if isinstance(listed, list) else []:
            yield request_of(lambda path, each=each: at(each, path), self._form)

    def standing(self, ids: Sequence[str]) -> Iterator[Request]:
        """As its list told: it has no other question."""
        return iter(())

    def words(self, since: datetime, until: datetime) -> Iterator[Update]:
        """What its list says that was done, where the pack maps a note."""
        return (word for each in self.requests(since, until) for word in words_of(each))

    def photo(self, url: str) -> Photo | None:
        """GET a picture, from the platform's own address alone."""
        if not same_house(url, self._base):
            return None
        content, kind = call(url, headers=self._headers())
        return Photo(content, kind.partition(";")[0].strip())

    def _post(self, path: str, known: Mapping[str, Any]) -> Any:
        body: dict[str, Any] = {}
        for name, value in known.items():
            if name in self._form.fields:
                _put(body, self._form.fields[name], value)
        headers = {**self._headers(), "Content-Type": "application/json; charset=utf-8"}
        written = json.dumps(body, ensure_ascii=False).encode()
        return _loaded(call(f"{self._base}/{path}", body=written, headers=headers)[0])

    def _json(self, url: str) -> Any:
        return _loaded(call(url, headers=self._headers())[0])

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._is.key}"} if self._is.key else {}


def request_of(value: Any, form: Form) -> Request:
    """One entry of a platform's own form, its point moved to WGS-84."""
    fields = form.fields

    def text(name: str) -> str:
        return _text(value(fields[name])) if name in fields else ""

    lon, lat = _degrees(text("lon")), _degrees(text("lat"))
    if lon is not None and lat is not None:
        lon, lat = _moved(lon, lat, form.datum, WGS)
    return Request(
        id=text("id"),
        status=text("status") or "open",
        status_notes=text("note"),
        service_code=text("category"),
        description=text("description"),
        requested=read_moment(text("requested")),
        updated=read_moment(text("updated")),
        address=text("address"),
        lon=lon,
        lat=lat,
        media_url=text("photo"),
        extended=text("status"),
        reference=text("reference"),
    )


def words_of(request: Request) -> Iterator[Update]:
    """What an entry says of its case: one word for each note that it ever has."""
    note = request.status_notes
    if note:
        mark = sha256(f"{request.extended} {note}".encode()).hexdigest()[:16]
        yield Update(
            id=f"{request.id}.{mark}",
            request=request.id,
            status=request.extended,
            description=note,
            updated=request.updated,
        )


def at(found: Any, path: str) -> Any:
    """What lies at a dotted path; None where there is nothing.

    >>> at({"data": {"rows": [{"id": 7}]}}, "data.rows.0.id")
    7
    """
    for part in path.split(".") if path else ():
        if isinstance(found, Mapping):
            found = found.get(part)
        elif isinstance(found, list) and part.isdecimal() and int(part) < len(found):
            found = found[int(part)]
        else:
            return None
    return found


def _put(body: dict[str, Any], path: str, value: Any) -> None:
    *above, last = path.split(".")
    for part in above:
        body = body.setdefault(part, {})
    body[last] = value


def _loaded(content: bytes) -> Any:
    try:
        return json.loads(content) if content.strip() else {}
    except (ValueError, RecursionError):
        raise Down("The platform's answer is no JSON.") from None


def _text(value: Any) -> str:
    if value is None or isinstance(value, Mapping | list):
        return ""
    return str(value).replace("\0", "").strip()


def _degrees(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if abs(found) <= 180 else None


def _moved(lon: float, lat: float, source: str, target: str) -> tuple[float, float]:
    x, y = geometry.convert(lon, lat, source=source, target=target)
    return float(x), float(y)
