"""A catalogue as pages of DCAT-AP 3.0.1, in Turtle, JSON-LD or RDF/XML.

A page tells of its datasets and of the catalogue, and where the other pages are (Hydra Core, as
CKAN and udata read it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from itertools import islice

from haihe.edges.dcat.describing import Description
from haihe.edges.dcat.faults import UnknownFormat, Unwritable
from haihe.edges.dcat.formats import WRITERS
from haihe.edges.dcat.terms import address
from haihe.edges.dcat.values import Catalogue, Dataset, Page
from haihe.edges.dcat.vocabulary import TERMS

FORMATS = {
    "ttl": "text/turtle; charset=utf-8",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml; charset=utf-8",
}
"""Formats by the ending of an address, with their media types."""


def write_page(page: Page, *, form: str = "ttl", terms: str = TERMS) -> bytes:
    """One page. ``form`` is a key of ``FORMATS``, ``terms`` the address of our own vocabulary.

    Signs that XML can't hold are left out, and addresses that are no absolute IRIs, with what
    hangs on them: ``presence.missing`` names those. Raises ``dcat.no_address`` where the catalogue
    or a dataset has none, ``dcat.unknown_format``.
    """
    if form not in WRITERS:
        raise UnknownFormat
    if not address(terms):
        raise Unwritable("The vocabulary has no absolute address.")
    described = Description()
    datasets = [described.dataset(each) for each in page.datasets]
    catalogue = described.catalogue(page.catalogue, page, datasets)
    return WRITERS[form]([catalogue, *datasets], address(terms))


def write_pages(
    catalogue: Catalogue,
    datasets: Iterable[Dataset],
    size: int = 500,
    *,
    form: str = "ttl",
    total: int | None = None,
    page_address: Callable[[int], str] | None = None,
    terms: str = TERMS,
) -> Iterator[bytes]:
    """All pages of a catalogue, one by one; never more than two pages' datasets are held.

    At least one page. ``total`` is how many datasets there are, where ``datasets`` has no length:
    without it pages don't say which is the last. ``page_address`` gives the address of a page by
    its number, from 1; by default the catalogue's with ``?page=``. Errors as ``write_page``.
    """
    if size < 1:
        raise ValueError("A page holds at least one dataset.")
    if total is None and isinstance(datasets, Sized):
        total = len(datasets)
    where = page_address or numbered(catalogue.address)
    left = iter(datasets)
    number, now = 1, tuple(islice(left, size))
    while True:
        after = tuple(islice(left, size))
        page = page_of(
            catalogue, now, number=number, size=size, total=total, where=where, is_last=not after
        )
        yield write_page(page, form=form, terms=terms)
        if not after:
            return
        number, now = number + 1, after


def page_of(
    catalogue: Catalogue,
    datasets: Sequence[Dataset],
    *,
    number: int,
    size: int,
    total: int | None,
    where: Callable[[int], str],
    is_last: bool | None = None,
) -> Page:
    """A page that knows its neighbours: the ``number``-th, from 1, of ``size`` datasets each.

    For who serves single pages. ``is_last`` is worked out from ``total`` unless it is given.
    """
    count = None if total is None else max(1, -(-total // size))
    if is_last is None:
        is_last = count is None or number >= count
    return Page(
        catalogue,
        tuple(datasets),
        address=where(number),
        first=where(1),
        previous=where(number - 1) if number > 1 else "",
        next="" if is_last else where(number + 1),
        last="" if count is None else where(count),
        size=size,
        total=total,
    )


def numbered(catalogue: str) -> Callable[[int], str]:
    """Addresses of pages: the catalogue's, with the number as a parameter.

    >>> numbered("https://data.example/catalogue.ttl#all")(2)
    'https://data.example/catalogue.ttl?page=2'
    """
    base = catalogue.partition("#")[0]
    mark = "&" if "?" in base else "?"
    return lambda number: f"{base}{mark}page={number}"
