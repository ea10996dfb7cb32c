"""What can be reported here, as GeoReport's services: the city's categories, then its items."""

from __future__ import annotations

from django.conf import settings

from haihe.base.errors import NotFound
from haihe.base.text import in_language
from haihe.edges.open311 import Attribute, Definition, Service
from haihe.kernel.cases import queries as cases
from haihe.kernel.cases.models import Item
from haihe.systems.districts.declare import Platform
from haihe.systems.districts.errors import BadRequest

_TITLE = 40
ITEM = "item"
"""The attribute by which a category's report can name the item."""


def services() -> list[Service]:
    """Every line of the city's list that a report can be about."""
    return [_service(each) for each in [*cases.categories(), *cases.items()]]


def definition(code: str) -> Definition:
    """A service's attributes: of a category, which item it is; ``cases.item.unknown``."""
    found = cases.item(code)
    items = list(cases.items(category=code)) if found.kind == "category" else []
    if not items:
        return Definition(code)
    named = tuple((each.pk, title_of(each)) for each in items)
    asked = Attribute(
        code=ITEM,
        description=title_of(found),
        datatype="singlevaluelist",
        values=named,
    )
    return Definition(code, (asked,))


def chosen(code: str, attributes: dict[str, str]) -> str:
    """The line of the list that a request is of: its service, or the item that it names."""
    found = cases.item(code)
    named = attributes.get(ITEM, "")
    if not named:
        return found.pk
    if found.kind == "category" and cases.category_of(named) == code:
        return named
    raise BadRequest(f"attribute[{ITEM}] names no item of {code}.")


def category_of(platform: Platform, service: str) -> str:
    """Our category or item for a platform's code: mapped back, else the same."""
    back = {theirs: ours for ours, theirs in reversed(platform.services.items()) if ours != "*"}
    if service in back:
        return back[service]
    try:
        return cases.item(service).pk
    except NotFound:
        if platform.unmapped:
            return platform.unmapped
        raise


def headline(words: str, category: str) -> str:
    """The first words, else the category: officers see it in their lists."""
    first = words.splitlines()[0] if words else ""
    if not first:
        return in_language(cases.item(category).title, settings.LANGUAGE_CODE)
    return first if len(first) <= _TITLE else f"{first[: _TITLE - 1]}…"


def title_of(item: Item) -> str:
    """An item in the city's first language."""
    return in_language(item.title, settings.LANGUAGE_CODE)


def _service(item: Item) -> Service:
    is_leaf = item.kind != "category"
    others = tuple(v for k, v in item.title.items() if v != title_of(item) and "," not in v)
    return Service(
        code=item.pk,
        name=title_of(item),
        description=title_of(item.parent) if is_leaf and item.parent else "",
        metadata=not is_leaf and item.items.filter(is_ended=False).exists(),
        keywords=others,
        group=title_of(item.category) if is_leaf and item.category else "",
    )
