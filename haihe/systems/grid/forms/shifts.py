"""Forms of shifts, stand-ins and venues: they parse and word; the actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haihe.kernel.org.models import Officer
from haihe.ui.forms import HouseForm


class WeekForm(HouseForm):
    """A post's grids and week."""

    grids = forms.CharField(
        label=_("Grids"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Codes of grids, with spaces between."),
    )
    week = forms.CharField(
        label=_("Shifts of the week"),
        required=False,
        max_length=400,
        help_text=_("1 to 7 are Monday to Sunday, 8 a public holiday, 9 a make-up day."),
    )


class DayForm(HouseForm):
    """A single day that differs from the week."""

    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    hours = forms.CharField(
        label=_("Hours"),
        required=False,
        max_length=100,
        help_text=_("For example 09:00-12:00,14:00-18:00; empty for a day off."),
    )


class AbsenceForm(HouseForm):
    """Somebody is away, and who stands in."""

    officer = forms.ModelChoiceField(label=_("Away"), queryset=Officer.objects.none())
    stand_in = forms.ModelChoiceField(
        label=_("Stands in"), queryset=Officer.objects.none(), required=False
    )
    first = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("Up to and including"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, department: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = Officer.objects.filter(department=department, left_at=None).order_by("name")
        for name in ("officer", "stand_in"):
            field = self.fields[name]
            field.queryset = there
            field.label_from_instance = lambda each: each.name


class VenueForm(HouseForm):
    """A place where a check-in code will hang."""

    grid = forms.CharField(label=_("Grid"), max_length=32)
    title = forms.CharField(label=_("Where the code hangs"), max_length=80)
