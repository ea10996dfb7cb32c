"""What the pages ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from haihe.kernel.catalogue.models import Grant
from haihe.systems.corrections.declare import MOST_WORDS
from haihe.systems.corrections.models import Receiver
from haihe.ui.forms import HouseForm
from haihe.ui.templatetags.house import say

_EVIDENCE = "image/jpeg,image/png,image/webp,application/pdf"


class ObjectForm(HouseForm):
    """What should stand there, why, and what shows it."""

    value = forms.CharField(
        label=gettext_lazy("What should stand there"), max_length=400, required=False
    )
    is_gone = forms.BooleanField(
        label=gettext_lazy("The whole row should not be there"), required=False
    )
    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The department that provides the data reads this."),
    )
    evidence = forms.FileField(
        label=gettext_lazy("What shows it"),
        required=False,
        widget=forms.FileInput(attrs={"accept": _EVIDENCE}),
        help_text=gettext_lazy("A photo or a PDF; deleted six months after the end."),
    )


class GivenForm(HouseForm):
    """Under which grant the department was given the value, and on whom."""

    grant = forms.ChoiceField(label=gettext_lazy("Given under"))
    number = forms.CharField(label=gettext_lazy("Number of the person or company"), max_length=40)

    def __init__(self, *args: Any, grants: list[Grant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grant"].choices = [  # type: ignore[attr-defined]
            (str(each.pk), f"{say(each.resource.title)} · {say(each.purpose.title)}")
            for each in grants
        ]


class RightForm(HouseForm):
    """The decision that the value is wrong: what will stand there."""

    value = forms.CharField(
        label=gettext_lazy("What will stand there"), max_length=400, required=False
    )
    is_gone = forms.BooleanField(
        label=gettext_lazy("The whole row should not be there"), required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("What you found"),
        max_length=MOST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReasonForm(HouseForm):
    """A reason that whoever is concerned reads."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


OUTCOMES = {
    Receiver.Outcome.CORRECTED: gettext_lazy("Corrected in our data"),
    Receiver.Outcome.DELETED: gettext_lazy("Deleted from our data"),
    Receiver.Outcome.NOT_KEPT: gettext_lazy("Used, but never kept"),
}


class ConfirmForm(HouseForm):
    """What a receiver did with the wrong value."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What your department did"),
        choices=[(str(code), title) for code, title in OUTCOMES.items()],
        widget=forms.RadioSelect,
    )
