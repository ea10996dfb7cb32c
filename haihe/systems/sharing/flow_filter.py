"""Of which period, department and side what moved is counted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haihe.kernel.org.models import Department
from haihe.systems.sharing.queries import GIVING, RECEIVING
from haihe.ui.forms import HouseForm
from haihe.ui.templatetags.house import say


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


class FlowFilter(HouseForm):
    """Of which period, department and side the counts are; all may be left out."""

    first = _day(_("From"))
    last = _day(_("Until"))
    department = forms.ChoiceField(label=_("Department"), required=False)
    side = forms.ChoiceField(label=_("Counted for"), required=False)

    def __init__(self, *args: Any, today: date, days: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today, self._days = today, days
        known = Department.objects.order_by("code")
        self.fields["department"].choices = [
            ("", _("Any")),
            *((each.code, say(each.name)) for each in known),
        ]
        self.fields["side"].choices = [
            (GIVING, _("The giving department")),
            (RECEIVING, _("The receiving department")),
        ]
        self.fields["first"].initial = today - timedelta(days=days - 1)
        self.fields["last"].initial = today

    def asked(self) -> tuple[date, date, str, str]:
        """First and last day, side, department: the last days where nothing else is said."""
        chosen = self.cleaned_data if self.is_valid() else {}
        last = chosen.get("last") or self._today
        first = chosen.get("first") or last - timedelta(days=self._days - 1)
        return first, last, chosen.get("side") or GIVING, chosen.get("department", "")
