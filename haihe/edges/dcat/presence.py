"""What a catalogue must say, beyond the shapes of DCAT-AP.

The shapes pass an empty document, and datasets without publisher, theme, rights, identifier or
cycle: they judge what is there. These rules ask for what is not.
Sources: DCAT-AP 3.0.1 (mandatory and recommended properties); the guide for compiling the
catalogue of government data (2017), the core fields of a resource.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from haihe.base.text import Text
from haihe.edges.dcat.faults import fault
from haihe.edges.dcat.terms import address, clean
from haihe.edges.dcat.values import Agent, Catalogue, Dataset, Distribution, Fault, Page
from haihe.edges.dcat.vocabulary import CYCLES, SHARING_CLASSES

_MISSING = "dcat.missing"


def missing(page: Page) -> list[Fault]:
    """What is not said, dataset by dataset; what concerns the catalogue comes first.

    Each fault names the dataset (its address, or its identifier) and the field. An address that
    is no absolute IRI is missing, since it can't be written.
    """
    found = [fault("", field, _MISSING) for field in _of_catalogue(page.catalogue)]
    if not page.datasets and page.total != 0:
        found.append(fault("", "datasets", "dcat.page.empty"))
    for each in page.datasets:
        name = each.address or each.identifier
        found.extend(fault(name, field, _MISSING) for field in _of_dataset(each))
    found.extend(_repeated(page))
    return found


def _of_catalogue(given: Catalogue) -> Iterator[str]:
    if not address(given.address):
        yield "catalogue.address"
    if not _said(given.title):
        yield "catalogue.title"
    if not _said(given.description):
        yield "catalogue.description"
    yield from _of_agent(given.publisher, "catalogue.publisher")


def _of_dataset(given: Dataset) -> Iterator[str]:
    told = {
        "address": address(given.address),
        "identifier": clean(given.identifier).strip(),
        "title": _said(given.title),
        "description": _said(given.description),
        "themes": any(address(each.address) for each in given.themes),
        "sharing_class": given.sharing_class in SHARING_CLASSES,
        "sharing_condition": given.sharing_class != "conditional" or given.sharing_condition,
        "cycle": given.cycle in CYCLES,
        "issued": given.issued,
        "distributions": given.distributions or given.sharing_class == "withheld",
    }
    yield from (field for field, value in told.items() if not value)
    yield from _of_agent(given.publisher, "publisher")
    for each in given.distributions:
        yield from _of_distribution(each)


def _of_agent(given: Agent | None, field: str) -> Iterator[str]:
    if given is None:
        yield field
        return
    if not _said(given.name):
        yield f"{field}.name"
    if not given.identifier:
        yield f"{field}.identifier"


def _of_distribution(given: Distribution) -> Iterator[str]:
    if not address(given.access):
        yield "distributions.access"
    if given.service is not None:
        if not address(given.service.endpoint):
            yield "service.endpoint"
        if not _said(given.service.title):
            yield "service.title"
    elif given.mode == "interface":
        yield "service"


def _repeated(page: Page) -> Iterator[Fault]:
    times = Counter(each.identifier for each in page.datasets if each.identifier)
    for each in page.datasets:
        if times[each.identifier] > 1:
            name = each.address or each.identifier
            yield fault(name, "identifier", "dcat.identifier.repeated", each.identifier)


def _said(text: Text) -> bool:
    return any(clean(each).strip() for each in text.values())
