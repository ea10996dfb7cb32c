"""A platform that speaks Open311 GeoReport v2, Haihe itself among them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from haihe.edges import open311
from haihe.edges.open311 import Accepted, Request, Unreadable, Update, write_moment
from haihe.systems.districts.declare import PAGE, SPAN, Platform
from haihe.systems.districts.drivers.asking import (
    Parcel,
    Photo,
    RefusedWith,
    Word,
    call,
    form_body,
    query,
    same_house,
)
from haihe.systems.districts.errors import Down, Refused

Said = TypeVar("Said", Request, Update)
_MOST_PAGES = 100
_EARLIER = timedelta(minutes=5)


class GeoReport:
    """Speaks GeoReport; see ``Driver``. The key goes in the form of a POST, else in a header."""

    def __init__(self, platform: Platform) -> None:
        self._is = platform
        self._base = platform.address.rstrip("/")
        self._form = platform.form

    def find(self, reference: str, since: datetime) -> str:
        """By the reference, where the platform tells it; else by the mark in the description."""
        mark = _mark(reference)
        ours = (
            each.id
            for each in self._listed("requests", open311.read_requests, since - _EARLIER, None,
                                     service_request_id_ext=reference)
            if each.reference == reference or mark in each.description
        )  # fmt: skip
        return next(ours, "")

    def send(self, parcel: Parcel) -> Accepted:
        """POST requests."""
        fields = {
            "service_code": parcel.service,
            "lat": f"{parcel.lat:.7f}",
            "long": f"{parcel.lon:.7f}",
            "description": _marked(parcel.description, parcel.reference, self._is.marks),
            "service_request_id_ext": parcel.reference,
            "requested_datetime": write_moment(parcel.requested),
        }
        content = self._post("requests", fields, parcel.photos)
        return self._read(open311.read_accepted, content)

    def exchange_token(self, token: str) -> str:
        """GET tokens."""
        found = self._read(open311.read_tokens, self._get(f"tokens/{token}"))
        return found[0].id if found else ""

    def find_word(self, word: Word, since: datetime) -> str:
        """Among what was said of the case: by our number, else by our very words and status."""
        for each in self.words(since - _EARLIER, None):
            if each.request != word.request:
                continue
            is_same = bool(word.description) and each.description.strip() == word.description
            if word.reference in {each.id, each.reference} or is_same:
                return each.id
        return ""

    def send_word(self, word: Word) -> str:
        """POST servicerequestupdates."""
        fields = {
            "service_request_id": word.request,
            "update_id": word.reference,
            "updated_datetime": write_moment(word.updated),
            "status": word.status,
            "description": word.description,
        }
        content = self._post("servicerequestupdates", fields, word.photos)
        try:
            return open311.read_accepted(content, form=self._form, of_update=True).id
        except Unreadable:
            return ""  # some servers answer without a number

    def requests(self, since: datetime, until: datetime) -> Iterator[Request]:
        """GET requests: what was filed in the time."""
        return self._listed("requests", open311.read_requests, since, until)

    def standing(self, ids: Sequence[str]) -> Iterator[Request]:
        """GET requests of these numbers."""
        asked = self._get("requests", service_request_id=",".join(ids))
        return iter(self._read(open311.read_requests, asked))

    def words(self, since: datetime, until: datetime | None) -> Iterator[Update]:
        """GET servicerequestupdates."""
        return self._listed("servicerequestupdates", open311.read_updates, since, until)

    def photo(self, url: str) -> Photo | None:
        """GET a picture, from the platform's own address alone."""
        if not same_house(url, self._base):
            return None
        content, kind = call(url, headers=self._key())
        return Photo(content, kind.partition(";")[0].strip())

    def _listed(
        self,
        what: str,
        read: Callable[..., list[Said]],
        since: datetime,
        until: datetime | None,
        **more: str,
    ) -> Iterator[Said]:
        """All pages; a server that knows no pages answers the same again, which ends it."""
        seen: set[str] = set()
        start = since if until is None else max(since, until - SPAN)
        for page in range(1, _MOST_PAGES + 1):
            content = self._get(
                what,
                start_date=write_moment(start),
                end_date=write_moment(until),
                page=str(page),
                page_size=str(PAGE),
                **more,
            )
            fresh = [each for each in self._read(read, content) if each.id not in seen]
            seen |= {each.id for each in fresh}
            yield from fresh
            if len(fresh) < PAGE:
                return

    def _get(self, what: str, **given: str) -> bytes:
        url = query(f"{self._base}/{what}.{self._form}", jurisdiction_id=self._is.jurisdiction,
                    **given)  # fmt: skip
        return self._call(url)

    def _post(self, what: str, fields: dict[str, str], photos: Sequence[Photo]) -> bytes:
        own = {"api_key": self._is.key, "jurisdiction_id": self._is.jurisdiction}
        given = {name: value for name, value in {**own, **fields}.items() if value}
        body, kind = form_body(given, photos)
        return self._call(f"{self._base}/{what}.{self._form}", body=body, kind=kind)

    def _call(self, url: str, *, body: bytes | None = None, kind: str = "") -> bytes:
        headers = {"Content-Type": kind} if kind else self._key()
        try:
            return call(url, body=body, headers=headers)[0]
        except RefusedWith as refusal:
            faults = open311.read_faults(refusal.content, form=self._form)
            said = " ".join(each.description for each in faults) or refusal.message
            raise Refused(said[:300]) from None

    def _key(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._is.key}"} if self._is.key else {}

    def _read(self, read: Callable[..., Any], content: bytes) -> Any:
        try:
            return read(content, form=self._form)
        except Unreadable:
            raise Down("The platform's answer can't be read.") from None


def _mark(reference: str) -> str:
    return f"[{reference}]"


def _marked(description: str, reference: str, marks: bool) -> str:
    return f"{description}\n{_mark(reference)}".strip() if marks else description
