"""The whole catalogue as one document, written page by page: one page is held at a time.

Turtle may repeat its prefixes and JSON-LD may be a list of documents; of RDF/XML the root element
is opened with the first page and closed after the last.
"""

from __future__ import annotations

from typing import BinaryIO

from haihe.edges.dcat import Page, write_page
from haihe.systems.cascade.queries import written
from haihe.systems.cascade.queries.written import Audience

_END = b"</rdf:RDF>\n"


def write_whole(to: BinaryIO, *, form: str, address: str, is_open: bool) -> int:
    """Write all of it; how many datasets. ``form`` is a key of ``edges.dcat.FORMATS``."""
    reader = Audience(address, is_open=is_open)
    count = 0
    for number, page in enumerate(written.pages(reader, where="")):
        content = write_page(Page(page.catalogue, page.datasets, total=page.total), form=form)
        to.write(_joined(content, form, is_first=number == 0))
        count += len(page.datasets)
    to.write({"jsonld": b"]\n", "rdf": _END, "ttl": b""}[form])
    return count


def _joined(content: bytes, form: str, *, is_first: bool) -> bytes:
    if form == "jsonld":
        return (b"[" if is_first else b",\n") + content
    if form == "rdf":
        inside = content.removesuffix(_END)
        # The first end of a tag is the declaration's, the second the root's.
        return inside if is_first else inside.split(b">\n", 2)[2]
    return content
