"""A platform whose cases arrive as rows of a gathered resource, by table link. Only read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property

from haihe.base.actor import Actor
from haihe.edges.open311 import Accepted, Request, Update
from haihe.kernel.exchange import actions as exchange
from haihe.kernel.exchange.actions.reading import Row
from haihe.systems.districts.declare import Form, Platform
from haihe.systems.districts.drivers.asking import Parcel, Photo, Word
from haihe.systems.districts.drivers.mapped import request_of, words_of
from haihe.systems.districts.errors import Refused

MAY_READ = frozenset({"exchange.rows.read"})


class Table:
    """Reads a resource's rows, once, under a grant of the department that the pack names.

    What goes back goes as a delivery of the lake; see ``Driver``.
    """

    def __init__(self, platform: Platform) -> None:
        self._form = platform.taken or Form({})

    def find(self, reference: str, since: datetime) -> str:
        """Nothing is sent."""
        return ""

    def send(self, parcel: Parcel) -> Accepted:
        """A table takes nothing."""
        raise Refused("Nothing is sent to a platform that is joined by table link.")

    def exchange_token(self, token: str) -> str:
        """There are none."""
        return ""

    def find_word(self, word: Word, since: datetime) -> str:
        """Nothing is sent."""
        return ""

    def send_word(self, word: Word) -> str:
        """A table takes nothing."""
        raise Refused("Nothing is sent to a platform that is joined by table link.")

    def requests(self, since: datetime, until: datetime) -> list[Request]:
        """All rows: which are new is told by their numbers."""
        return [request_of(row.__getitem__, self._form) for row in self._rows]

    @cached_property
    def _rows(self) -> list[Row]:
        return exchange.read_rows(
            by=Actor("system", "districts.table", self._form.department, MAY_READ),
            resource=self._form.resource,
            columns=list(self._form.fields.values()),
            purpose=self._form.purpose,
        )

    def standing(self, ids: Sequence[str]) -> Iterator[Request]:
        """The rows told it."""
        return iter(())

    def words(self, since: datetime, until: datetime) -> Iterator[Update]:
        """What the rows say that was done, where the pack maps a note."""
        return (word for each in self.requests(since, until) for word in words_of(each))

    def photo(self, url: str) -> Photo | None:
        """A table holds no pictures."""
        return None
