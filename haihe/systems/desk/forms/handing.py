"""What handing over asks for: from whom, to whom."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from haihe.kernel.org.models import Department, Officer
from haihe.kernel.org.queries import posts
from haihe.ui.forms import HouseForm
from haihe.ui.templatetags.house import say

OFFICER, POST, DEPARTMENT = "o", "p", "d"


class FromForm(HouseForm):
    """The department whose officers and posts are to choose from."""

    of = forms.ChoiceField(label=gettext_lazy("Department"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["of"].choices = _departments()


class HandOverForm(HouseForm):
    """All open cases of an officer or post of a department, into other hands.

    To an officer or post of the same department, to another department, or to nobody: back to
    the department's own inbox.
    """

    source = forms.ChoiceField(label=gettext_lazy("All open cases of"))
    target = forms.ChoiceField(label=gettext_lazy("Go to"), required=False)

    def __init__(self, *args: Any, department: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._department = department
        hands = [
            (gettext("Officers"), _officers(department)),
            (gettext("Posts"), _posts(department)),
        ]
        others = [(f"{DEPARTMENT}{code}", name) for code, name in _departments()]
        self.fields["source"].choices = [("", "—"), *hands]
        self.fields["target"].choices = [
            ("", gettext("The inbox of their own department")),
            *hands,
            (gettext("Departments"), others),
        ]

    def details(self) -> dict[str, Any]:
        """The arguments of the action."""
        source, target = self.cleaned_data["source"], self.cleaned_data["target"]
        given: dict[str, Any] = {
            "from_officer" if source.startswith(OFFICER) else "from_post": int(source[1:])
        }
        if target.startswith(DEPARTMENT):
            return {**given, "department": target[1:]}
        if target:
            given |= {"officer" if target.startswith(OFFICER) else "post": int(target[1:])}
            given["department"] = self._department
        return given


def _departments() -> list[tuple[str, str]]:
    active = Department.objects.filter(is_active=True).order_by("code")
    return [(each.code, say(each.name)) for each in active]


def _officers(department: str) -> list[tuple[str, str]]:
    rows = Officer.objects.filter(department=department, left_at__isnull=True).order_by("name")
    return [(f"{OFFICER}{each.pk}", each.name) for each in rows]


def _posts(department: str) -> list[tuple[str, str]]:
    rows = posts().filter(department=department)
    return [(f"{POST}{each.pk}", say(each.title)) for each in rows]
