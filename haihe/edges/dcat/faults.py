"""What can be wrong with a whole document (raised), and with one dataset (listed)."""

from __future__ import annotations

from haihe.base.errors import BadInput
from haihe.edges.dcat.values import Fault


class Unreadable(BadInput):
    """A document is broken, or not the RDF that it is said to be."""

    code = "dcat.unreadable"
    message = "What came is no catalogue in RDF."
    hint = "Ask for Turtle, JSON-LD or RDF/XML; a catalogue's address often ends in .ttl or .rdf."


class UnknownFormat(BadInput):
    """A document is of a media type that isn't read here."""

    code = "dcat.unknown_format"
    message = "This kind of document isn't read here."
    hint = "Ask for text/turtle, application/ld+json or application/rdf+xml."
    status = 415


class TooLarge(BadInput):
    """A document is larger than one page of a catalogue may be."""

    code = "dcat.too_large"
    message = "The document is larger than one page of a catalogue may be."
    hint = "Ask for the catalogue in pages of 1,000 datasets or fewer."
    status = 413


class TooHeavy(BadInput):
    """Reading a document takes more memory or time than one page of a catalogue may."""

    code = "dcat.too_heavy"
    message = "The document takes more memory or time to read than one page of a catalogue may."
    hint = "Ask for the catalogue in pages of 250 datasets or fewer."
    status = 413


class DeclaresEntities(BadInput):
    """An XML document has a document type: its entities could fetch files, or blow up."""

    code = "dcat.declares_entities"
    message = "The document declares a document type, which could fetch files or blow up."
    hint = "Ask for it without a DOCTYPE, or as Turtle."


class RemoteContext(BadInput):
    """A JSON-LD document says that its words are explained elsewhere; nothing is fetched for it."""

    code = "dcat.remote_context"
    message = "The document's context lies elsewhere, and nothing is fetched for it."
    hint = "Ask for JSON-LD with the context inside, or for Turtle or RDF/XML."


class Unwritable(BadInput):
    """A catalogue or a dataset has no address, or one that is no absolute IRI."""

    code = "dcat.no_address"
    message = "A catalogue or a dataset has no absolute address."
    hint = "Give each an address that begins with https:// or urn:."


SENTENCES = {
    "dcat.missing": "It isn't said.",
    "dcat.several": "It is said more than once; the first is taken.",
    "dcat.identifier.address": "There is no identifier; the address stands for it.",
    "dcat.identifier.repeated": "Another dataset has the same identifier.",
    "dcat.unnamed": "A dataset has neither address nor identifier; it is left out.",
    "dcat.text.untagged": "A text doesn't say its language.",
    "dcat.cycle.unknown": "The frequency isn't known here.",
    "dcat.cycle.rounded": "The frequency lies between ours; the slower is taken.",
    "dcat.rights.unknown": "The access right isn't known here.",
    "dcat.word.unknown": "The word isn't one of this vocabulary; it is left out.",
    "dcat.day.unreadable": "It is no date.",
    "dcat.day.vague": "The date names no day; the first is taken.",
    "dcat.number.unreadable": "It is no number.",
    "dcat.page.empty": "The page holds no dataset, but the catalogue is said to hold some.",
}
"""What each code of a fault means; what was found may follow."""
_LONGEST = 80


def fault(dataset: str, field: str, code: str, found: str = "") -> Fault:
    """A fault with its sentence, and what was found, cut where it is long."""
    shown = found if len(found) <= _LONGEST else f"{found[: _LONGEST - 1]}…"
    return Fault(dataset, field, code, SENTENCES[code] + (f" Found: {shown}" if shown else ""))
