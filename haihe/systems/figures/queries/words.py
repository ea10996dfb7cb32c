"""Numbers, rates and names as figures say them, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext, gettext_lazy

from haihe.base.text import Text
from haihe.kernel.cases.models import Item
from haihe.kernel.org.models import Department
from haihe.kernel.places.models import Division
from haihe.ui.templatetags.house import say

MEASURES = {
    "filed": gettext_lazy("Reports"),
    "led": gettext_lazy("As lead"),
    "to_answer": gettext_lazy("To be answered"),
    "answered_in_time": gettext_lazy("Answered in time"),
    "solved": gettext_lazy("Solved"),
    "overdue": gettext_lazy("Overdue"),
    "open": gettext_lazy("Open"),
    "refused": gettext_lazy("Not opened"),
    "withdrawn": gettext_lazy("Taken back"),
    "rated": gettext_lazy("Ratings"),
    "satisfied": gettext_lazy("Satisfied"),
    "sent_back": gettext_lazy("Sent back"),
    "reopened": gettext_lazy("Re-opened"),
}
RATES = {
    "response": gettext_lazy("Response rate"),
    "resolution": gettext_lazy("Resolution rate"),
    "satisfaction": gettext_lazy("Satisfaction rate"),
}


def percent(permille: int | None) -> str:
    """A rate as it is read; a dash where too few cases stand behind it."""
    return "—" if permille is None else f"{permille / 10:.1f}%"


def points(permille: int) -> str:
    """The change of a rate in percentage points."""
    return gettext("%(n)s points") % {"n": f"{permille / 10:+.1f}" if permille else "0"}


def change(count: int) -> str:
    """The change of a count, with its sign."""
    return f"{count:+,}" if count else "0"


def hours(count: float | None) -> str:
    """Hours with one digit behind the point; a dash for none."""
    return "—" if count is None else f"{count:,.1f}"


def division_names(codes: Iterable[str | None]) -> dict[str, str]:
    """Names of divisions by code; without a code it is said that there is no place."""
    wanted = {code for code in codes if code}
    rows = Division.objects.filter(pk__in=wanted).values_list("pk", "name")
    return {"": gettext("No place named"), **_said(rows)}


def department_names() -> dict[str, str]:
    """Names of departments by code."""
    return _said(Department.objects.values_list("pk", "name"))


def item_names(codes: Iterable[str]) -> dict[str, str]:
    """Titles of items by code; without a code it is said that none is named yet."""
    rows = Item.objects.filter(pk__in=set(codes)).values_list("pk", "title")
    return {"": gettext("Not named yet"), **_said(rows)}


def _said(rows: Iterable[tuple[str, Text]]) -> dict[str, str]:
    return {code: str(say(name)) for code, name in rows}
