"""One test of a grant's rows as three fields ask for it: a column, a test, its values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haihe.kernel.catalogue.models import Column
from haihe.systems.sharing.queries import ColumnLine
from haihe.ui.forms import HouseForm
from haihe.ui.templatetags.house import say

_NARROWING = ("text", "integer", "date", "timestamp")


class RowFields(HouseForm):
    """Asks for one test; what it may ask of which column the action decides."""

    row_column = forms.ChoiceField(label=_("Only rows whose"), required=False)
    row_test = forms.ChoiceField(
        label=_("meets"),
        required=False,
        choices=[
            ("prefix", _("begins with")),
            ("one_of", _("is one of")),
            ("within", _("lies between two days")),
        ],
    )
    row_values = forms.CharField(
        label=_("Values"),
        required=False,
        max_length=500,
        help_text=_("Separated by commas; two days as 2026-01-01, 2026-12-31."),
    )

    def offer(self, lines: Iterable[ColumnLine], *, none: Any) -> dict[str, Column]:
        """Offer the columns that can narrow, under ``none`` for no test; them by name."""
        columns = {
            line.column.name: line.column
            for line in lines
            if line.is_grantable and line.column.kind in _NARROWING
            if not line.column.is_subject and not line.column.scheme
        }
        self.fields["row_column"].choices = [
            ("", none),
            *((name, say(column.title)) for name, column in columns.items()),
        ]
        return columns


def tests_of(columns: Mapping[str, Column], given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The test that the three fields ask for, in JSON's own types; none without a column."""
    column = columns.get(given["row_column"])
    if column is None:
        return []
    parts = given["row_values"].replace("，", ",").split(",")
    values: list[Any] = [part.strip() for part in parts]
    if given["row_test"] == "within":
        values = [value or None for value in values]
    else:
        values = [value for value in values if value]
    if column.kind == "integer":
        values = [int(v) if v.removeprefix("-").isdecimal() else v for v in values]
    return [{"column": column.name, "test": given["row_test"], "values": values}]
