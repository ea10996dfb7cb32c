"""Pages of an interface, one after the other, and the proof that they held still meanwhile.

Reading ends at an empty page, never at one that is shorter than asked for: servers cap a page's
size as they like. What changes between two pages is found by the total, where one is told, and by
asking pages again at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from haihe.engine.sources.errors import BadSource, ChangedWhileRead, Refused
from haihe.engine.sources.formats.records import Record
from haihe.engine.sources.interfaces.asking import Answer, Asking
from haihe.engine.sources.interfaces.forms import Page, page_of

WAYS = ("none", "page", "offset", "cursor", "link")
CHECKS = ("none", "ends", "all")
_NEXT = re.compile(r'<([^>]*)>[^,]*;\s*rel="?next"?', re.IGNORECASE)
_MOST_PAGES = 1_000_000


@dataclass(frozen=True)
class Way:
    """How an interface pages: the options of its address, see ``Http``."""

    paging: str = "none"
    page_param: str = "page"
    size_param: str = "size"
    size: int = 500
    first: int = 1
    offset_param: str = "offset"
    cursor_param: str = "cursor"
    cursor: str = "next"
    total: str = ""
    records: str = ""
    check: str = ""

    @classmethod
    def of(cls, options: dict[str, str]) -> Way:
        """The way that options say; ``exchange.source.bad_address``."""
        given = {k: v for k, v in options.items() if k in cls.__dataclass_fields__}
        try:
            numbers = {k: int(given.pop(k)) for k in ("size", "first") if k in given}
        except ValueError:
            raise BadSource("size and first of the interface's address are numbers.") from None
        way = cls(**given, **numbers)  # type: ignore[arg-type]
        if way.paging not in WAYS or way.check not in {"", *CHECKS} or way.size < 1:
            raise BadSource(
                "The interface's address names a way of paging that is not known.",
                hint=f"paging is one of {', '.join(WAYS)}; check one of {', '.join(CHECKS)}.",
            )
        return way


@dataclass
class Pages:
    """One pass through the pages of one address."""

    asking: Asking
    path: str
    way: Way
    seen: int = 0
    _totals: set[int] = field(default_factory=set)
    _asked: list[tuple[str, bytes]] = field(default_factory=list)

    def records(self) -> Iterator[Record]:
        """The records of all pages. Errors: ``exchange.source.changed_while_read`` and its kin."""
        address: str | None = self._first()
        while address is not None:
            answer = self.asking.get(address)
            page = page_of(answer, self.way.records, total=self.way.total, cursor=self.way.cursor)
            self._remember(address, page)
            yield from page.rows
            address = self._next(address, answer, page)
        self._must_hold()

    def head(self) -> list[Record]:
        """The records of the first page alone."""
        answer = self.asking.get(self._first())
        return page_of(answer, self.way.records, total="", cursor="").rows

    def _remember(self, address: str, page: Page) -> None:
        if len(self._asked) >= _MOST_PAGES:
            raise Refused("The interface's pages have no end.")
        digest = page.digest
        if page.rows and self._asked and self._asked[-1][1] == digest:
            raise Refused("The interface gives one page again and again; check its paging.")
        self._asked.append((address, digest))
        self.seen += len(page.rows)
        if page.total is not None:
            self._totals.add(page.total)
            if len(self._totals) > 1:
                raise ChangedWhileRead

    def _first(self) -> str:
        way = self.way
        starts = {
            "page": {way.page_param: way.first, way.size_param: way.size},
            "offset": {way.offset_param: 0, way.size_param: way.size},
            "cursor": {way.size_param: way.size},
            "link": {way.size_param: way.size},
        }
        return _with(self.path, starts.get(way.paging, {}))

    def _next(self, address: str, answer: Answer, page: Page) -> str | None:
        way = self.way
        if way.paging == "link":
            return self._linked(address, answer)
        if way.paging == "cursor" and page.cursor:
            following = _with(self.path, {way.size_param: way.size, way.cursor_param: page.cursor})
            if any(following == asked for asked, _ in self._asked):
                raise Refused("The interface's cursor leads back to a page that was read.")
            return following
        if not page.rows or way.paging not in {"page", "offset"}:
            return None
        step = {way.offset_param: self.seen}
        if way.paging == "page":
            step = {way.page_param: way.first + len(self._asked)}
        return _with(address, step)

    def _linked(self, address: str, answer: Answer) -> str | None:
        """The next page by its Link header (RFC 8288); within the house alone."""
        found = _NEXT.search(answer.headers.get("link", ""))
        if found is None:
            return None
        house = self.asking.house
        there = urlsplit(urljoin(f"{house.scheme}://{house.netloc}{address}", found[1]))
        if (there.scheme, there.netloc) != (house.scheme, house.netloc):
            raise Refused("The interface's next page lies in another house, which is not followed.")
        following = f"{there.path}?{there.query}" if there.query else there.path
        if any(following == asked for asked, _ in self._asked):
            raise Refused("The interface's next page is one that was read.")
        return following

    def _must_hold(self) -> None:
        """Ask again for the pages that the check names: as they were then, they must be now."""
        if self._totals and self.seen not in self._totals:
            raise ChangedWhileRead
        check = self.way.check or ("ends" if self._totals else "all")
        if check == "none" or len(self._asked) < 2:
            return
        again = self._asked if check == "all" else [self._asked[0], self._asked[-1]]
        for address, digest in again:
            page = page_of(self.asking.get(address), self.way.records, total="", cursor="")
            if page.digest != digest:
                raise ChangedWhileRead


def _with(path: str, more: Mapping[str, object]) -> str:
    """A path and query with parameters put in or put anew."""
    bare, _, query = path.partition("?")
    held = dict(parse_qsl(query, keep_blank_values=True))
    joined = urlencode({**held, **{name: str(value) for name, value in more.items()}})
    return f"{bare}?{joined}" if joined else bare
