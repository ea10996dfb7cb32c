"""What opening a case of the city's own types asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from haihe.kernel.cases import queries as cases
from haihe.kernel.cases.declare import CaseType
from haihe.kernel.org.models import Department
from haihe.kernel.places import queries as places
from haihe.ui.forms import HouseForm, PhotosField
from haihe.ui.templatetags.house import say


class OpenForm(HouseForm):
    """A new case: what, where, of whom it is the charge. The type's own unit stands already."""

    title = forms.CharField(label=gettext_lazy("What it is about"), max_length=200)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    place = forms.ChoiceField(label=gettext_lazy("Place"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    department = forms.ChoiceField(label=gettext_lazy("The unit in charge"))
    photos = PhotosField(label=gettext_lazy("Photos"), required=False)

    def __init__(self, *args: Any, case_type: CaseType, own: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        active = Department.objects.filter(is_active=True).order_by("code")
        self.fields["department"].choices = [(each.code, say(each.name)) for each in active]
        self.fields["department"].initial = case_type.unit or own
        self.fields["place"].choices = [("", gettext("Nowhere in particular")), *_places()]
        self.fields["category"].choices = [
            ("", "—"),
            *((each.code, say(each.title)) for each in cases.categories()),
        ]


def _places() -> list[tuple[str, Any]]:
    """Divisions of the second level under those of the first."""
    below: dict[str, list[tuple[str, str]]] = {}
    for each in places.divisions(2):
        below.setdefault(each.parent or "", []).append((each.code, say(each.name)))
    return [
        (say(each.name), [(each.code, say(each.name)), *below.get(each.code, [])])
        for each in places.divisions(1)
    ]
