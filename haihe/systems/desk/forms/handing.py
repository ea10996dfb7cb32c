"""What handing over asks for: from whom, to whom."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from haihe.kernel.org.models import Department, Officer, Post
from haihe.kernel.org.queries import posts
from haihe.ui.forms import HouseForm
from haihe.ui.templatetags.house import say

OFFICER, POST, DEPARTMENT = "o", "p", "d"


class HandOverForm(HouseForm):
    """All open cases of an officer or post, into other hands."""

    source = forms.ChoiceField(label=gettext_lazy("All open cases of"))
    target = forms.ChoiceField(label=gettext_lazy("Go to"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hands = [(gettext("Officers"), _officers()), (gettext("Posts"), _posts())]
        active = Department.objects.filter(is_active=True).order_by("code")
        units = [(f"{DEPARTMENT}{each.code}", say(each.name)) for each in active]
        self.fields["source"].choices = [("", "—"), *hands]
        self.fields["target"].choices = [
            ("", gettext("The inbox of their own department")),
            *hands,
            (gettext("Departments"), units),
        ]
        self.fields["target"].required = False

    def details(self) -> dict[str, Any]:
        """The arguments of the action."""
        source, target = self.cleaned_data["source"], self.cleaned_data["target"]
        given: dict[str, Any] = {
            "from_officer" if source.startswith(OFFICER) else "from_post": int(source[1:])
        }
        if target.startswith(DEPARTMENT):
            given["department"] = target[1:]
        elif target:
            own = (Officer if target.startswith(OFFICER) else Post).objects
            given["department"] = own.get(pk=target[1:]).department_id
            given["officer" if target.startswith(OFFICER) else "post"] = int(target[1:])
        return given


def _officers() -> list[tuple[str, str]]:
    there = Officer.objects.filter(left_at__isnull=True).select_related("department")
    rows = there.order_by("department", "name")
    return [(f"{OFFICER}{each.pk}", f"{say(each.department.name)} · {each.name}") for each in rows]


def _posts() -> list[tuple[str, str]]:
    return [
        (f"{POST}{each.pk}", f"{say(each.department.name)} · {say(each.title)}") for each in posts()
    ]
