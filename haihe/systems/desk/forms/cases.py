"""Filters of the inbox."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from haihe.kernel.cases import queries as cases
from haihe.ui.forms import HouseForm
from haihe.ui.templatetags.house import say


class CaseFilter(HouseForm):
    """Which of somebody's open cases: by words, type, state, place, category, lateness."""

    words = forms.CharField(label=gettext_lazy("Words in the title"), required=False)
    type = forms.ChoiceField(label=gettext_lazy("Type"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    overdue = forms.BooleanField(label=gettext_lazy("Overdue only"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        anything = [("", gettext("All"))]
        types = [(each.case_type.name, each.case_type) for each in cases.types()]
        self.fields["type"].choices = [
            *anything,
            *((name, say(each.title)) for name, each in types),
        ]
        states = {name: say(s.title) for _, each in types for name, s in each.states.items()
                  if s.kind != "ended"}  # fmt: skip
        self.fields["state"].choices = [*anything, *states.items()]
        self.fields["category"].choices = [
            *anything,
            *((each.code, say(each.title)) for each in cases.categories()),
        ]
