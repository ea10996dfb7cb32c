"""What can be asked of the city's list of items."""

from __future__ import annotations

from django.db.models import QuerySet

from haihe.kernel.cases.errors import UnknownItem
from haihe.kernel.cases.models import Item

LEAVES = ("event", "component")


def categories() -> QuerySet[Item]:
    """The few categories among which a citizen chooses, in the list's order."""
    return Item.objects.filter(kind="category", is_ended=False).order_by("rank")


def classes() -> QuerySet[Item]:
    """The classes of events and components, in the list's order."""
    return Item.objects.filter(kind="class", is_ended=False).order_by("rank")


def items(*, category: str = "", parent: str = "") -> QuerySet[Item]:
    """Events and components, of a citizen's category or of a class if named, in order."""
    found = Item.objects.filter(kind__in=LEAVES, is_ended=False)
    if category:
        found = found.filter(category=category)
    if parent:
        found = found.filter(parent=parent)
    return found.select_related("parent", "category").order_by("rank")


def item(code: str) -> Item:
    """One line of the list, ended or not; ``cases.item.unknown``."""
    found = Item.objects.select_related("parent", "category", "lead").filter(pk=code).first()
    if found is None:
        raise UnknownItem(f"There is no item {code}.")
    return found


def category_of(code: str) -> str:
    """The citizen's category of a case's category: of the item, or itself; empty if it has none."""
    found = Item.objects.filter(pk=code).first()
    if found is None:
        return ""
    return found.code if found.kind == "category" else found.category_id or ""
