"""The one place where a datum is kept (数源): found before it is collected again."""

from __future__ import annotations

from collections.abc import Iterable

from haihe.kernel.catalogue.internals.words import runs
from haihe.kernel.catalogue.models import Column, Resource


def already_held(titles: Iterable[str]) -> dict[str, Column]:
    """Which of a form's questions the government holds an answer to: the leading column of each.

    By the datum's code, or by the title of the column, in any language (Decree 809: what can be
    had by sharing is not collected again).
    """
    wanted = {" ".join(runs(title)): title for title in titles}
    found: dict[str, Column] = {}
    leads = Column.objects.filter(is_lead=True, resource__state=Resource.State.PUBLISHED)
    for column in leads.select_related("resource__department").order_by("pk"):
        for name in (column.element, *column.title.values()):
            title = wanted.get(" ".join(runs(name)))
            if title is not None:
                found.setdefault(title, column)
    return found
