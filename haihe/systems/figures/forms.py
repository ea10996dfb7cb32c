"""Of which time, division and units figures are shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from haihe.systems.figures.queries.scope import DEPARTMENT, choosable, levels_below
from haihe.systems.figures.queries.words import RATES
from haihe.ui.forms import HouseForm
from haihe.ui.templatetags.house import say


def _day(label: object) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


class Filter(HouseForm):
    """The choices above every page of figures; all may be left out."""

    first = _day(gettext_lazy("From"))
    last = _day(gettext_lazy("Until"))
    division = forms.ChoiceField(label=gettext_lazy("Division"), required=False)
    of = forms.ChoiceField(label=gettext_lazy("Units"), required=False)
    step = forms.ChoiceField(label=gettext_lazy("Counted by"), required=False)
    heading = forms.ChoiceField(label=gettext_lazy("By"), required=False)
    sort = forms.ChoiceField(label=gettext_lazy("Ranked by"), required=False)

    def __init__(self, *args: Any, scope: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        division = self.data.get("division") or scope
        divisions = [(each.code, say(each.name)) for each in choosable(scope)]
        whole = [] if scope else [("", gettext("The whole city"))]
        known = {code for code, _ in divisions}
        levels = levels_below(division if division in known else scope)
        choices = {
            "division": [*whole, *divisions],
            "of": [
                *((str(level), say(name)) for level, name in levels),
                (DEPARTMENT, gettext("Departments")),
            ],
            "step": [("day", gettext("By day")), ("week", gettext("By week"))],
            "heading": [("category", gettext("Category")), ("class", gettext("Class"))],
            "sort": list(RATES.items()),
        }
        for name, each in choices.items():
            self.fields[name].choices = each


class WeeklyForm(HouseForm):
    """Which weekly report is to be made."""

    week = forms.ChoiceField(label=gettext_lazy("Week"))
    division = forms.ChoiceField(label=gettext_lazy("Division"), required=False)

    def __init__(self, *args: Any, scope: str, weeks: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whole = [] if scope else [("", gettext("The whole city"))]
        self.fields["week"].choices = [(each, each) for each in weeks]
        self.fields["division"].choices = [
            *whole, *((each.code, say(each.name)) for each in choosable(scope))
        ]  # fmt: skip
