"""What the pages of snap ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from haihe.engine.geometry import DATUMS
from haihe.systems.snap import queries
from haihe.systems.snap.declare import MOST_WORDS
from haihe.ui.forms import HouseForm, PhotosField
from haihe.ui.templatetags.house import say

SCORES = (
    (5, gettext_lazy("Very satisfied")),
    (4, gettext_lazy("Satisfied")),
    (3, gettext_lazy("Fair")),
    (2, gettext_lazy("Dissatisfied")),
    (1, gettext_lazy("Very dissatisfied")),
)
PURPOSES = (
    ("snap.progress", gettext_lazy("Tell the caller how it stands")),
    ("snap.rating", gettext_lazy("Take the caller's rating or re-opening")),
    ("snap.addition", gettext_lazy("Add what the caller says")),
)


class BeginForm(HouseForm):
    """What it looks like and what is wrong: photos, words, or both."""

    photos = PhotosField(
        label=gettext_lazy("Photos"),
        required=False,
        help_text=gettext_lazy("Up to six. JPEG, PNG or WEBP."),
    )
    words = forms.CharField(
        label=gettext_lazy("What is wrong?"),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PlaceForm(HouseForm):
    """Where it is: a point of device, photo or map; or a division from lists; and an address."""

    longitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    latitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    datum = forms.ChoiceField(
        required=False, choices=[(each, each) for each in ("", *DATUMS)], widget=forms.HiddenInput
    )
    address = forms.CharField(
        label=gettext_lazy("Address or landmark"), required=False, max_length=200
    )

    def point(self) -> tuple[float, float, str] | None:
        """The point that was chosen, if one was."""
        given = self.cleaned_data
        if given.get("longitude") is None or given.get("latitude") is None or not given["datum"]:
            return None
        return given["longitude"], given["latitude"], given["datum"]


class CategoryForm(HouseForm):
    """What it is about: one of the city's categories, the likely one chosen already."""

    category = forms.ChoiceField(label=gettext_lazy("What is it about?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, words: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = queries.choices(words)
        self.fields["category"].choices = [(each.code, say(each.title)) for each in found]
        self.initial["category"] = next((each.code for each in found if each.is_suggested), None)


class PhoneForm(HouseForm):
    """How to reach whoever reports."""

    phone = forms.CharField(
        label=gettext_lazy("Telephone, for questions"),
        required=False,
        max_length=24,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )


class AboutForm(PhoneForm):
    """The last step as a phone sends it: the category is looked for when it is taken in."""

    category = forms.CharField(label=gettext_lazy("What is it about?"), max_length=80)


class SendForm(CategoryForm, PhoneForm):
    """The last step: category, whether in one's name, a telephone number for questions."""

    is_named = forms.BooleanField(
        label=gettext_lazy("Report in my name"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Then it stands among my messages, and officers may ask me."),
    )

    field_order = ("category", "phone", "is_named")

    def __init__(self, *args: Any, may_be_named: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_be_named:
            del self.fields["is_named"]


class RateForm(HouseForm):
    """How well it was done."""

    score = forms.TypedChoiceField(
        label=gettext_lazy("How was it done?"),
        choices=SCORES,
        coerce=int,
        widget=forms.RadioSelect,
    )


class ReasonForm(HouseForm):
    """Why a report is opened again."""

    note = forms.CharField(
        label=gettext_lazy("What is still wrong?"),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class CallerForm(CategoryForm):
    """What a caller of the hotline says."""

    words = forms.CharField(
        label=gettext_lazy("What the caller says"),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    place = forms.CharField(
        label=gettext_lazy("Ward, street or community"),
        max_length=60,
        help_text=gettext_lazy("A part of its name, or its code."),
    )
    address = forms.CharField(
        label=gettext_lazy("Address or landmark"), required=False, max_length=200
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone of the caller"), required=False, max_length=24
    )
    draft = forms.UUIDField(widget=forms.HiddenInput)

    field_order = ("words", "place", "address", "category", "phone", "draft")

    def clean_place(self) -> str:
        """The code of the one division that is meant."""
        typed = self.cleaned_data["place"]
        found = queries.named(typed)
        exact = [each for each in found if typed.strip() in {each.code, *each.name.values()}]
        if len(exact) == 1:
            return exact[0].code
        if len(found) == 1:
            return found[0].code
        names = ", ".join(f"{say(each.name)} ({each.code})" for each in found[:8])
        if not found:
            raise forms.ValidationError(gettext("No place of the city bears this name."))
        raise forms.ValidationError(
            gettext("Which one? Type its code: %(names)s") % {"names": names}
        )


class NumberForm(HouseForm):
    """The number that a caller reads out, and what for."""

    number = forms.CharField(
        label=gettext_lazy("Number of the report"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    purpose = forms.ChoiceField(label=gettext_lazy("What for"), choices=PURPOSES)
