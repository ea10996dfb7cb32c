"""What a worker sends from the round: photos first, a reason by a tap, nothing to type."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext, gettext_lazy

from haihe.base.text import in_language
from haihe.engine.geometry import DATUMS
from haihe.kernel.cases import queries as cases
from haihe.kernel.cases.declare import Action
from haihe.systems.grid.declare import REASONS, Taken
from haihe.ui.forms import HouseForm, PhotosField
from haihe.ui.templatetags.house import say


class OnSpotForm(HouseForm):
    """One step on the spot."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, name: str, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"id_{name}_%s", **kwargs)
        self.name, self.action = name, action
        if "photo" in action.asks:
            self.fields["photos"] = _camera(required=True)
        if "note" in action.asks:
            reasons = REASONS.get(name, {})
            self.fields["reason"] = forms.ChoiceField(
                label=gettext("Why"),
                choices=[(code, say(text)) for code, text in reasons.items()],
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields["photos"] = _camera(required=False)
        self.fields["voice"] = _voice()

    def clean(self) -> dict[str, Any]:
        """A reason, or a voice note that says it."""
        given: dict[str, Any] = super().clean() or {}
        if "reason" in self.fields and not given.get("reason") and not given.get("voice"):
            self.add_error("reason", gettext("Choose a reason, or record a voice note."))
        return given

    def note(self) -> str:
        """The chosen reason in words."""
        reason = self.cleaned_data.get("reason", "")
        text = REASONS.get(self.name, {}).get(reason, {})
        if not text and self.cleaned_data.get("voice"):
            return gettext("See the voice note.")
        return in_language(text, get_language() or "zh") if text else ""


class FindingForm(HouseForm):
    """What was found: a photo, what it is, where it is."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    longitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    latitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    datum = forms.ChoiceField(
        required=False, choices=[(each, each) for each in ("", *DATUMS)], widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, grids: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photos"] = _camera(required=True)
        self.fields["item"] = forms.ChoiceField(label=gettext("What is it?"), choices=_items())
        self.fields["grid"] = forms.ChoiceField(
            label=gettext("In which grid"),
            choices=[(code, code) for code in grids],
            required=False,
            help_text=gettext("Only if the device does not say where it is."),
        )
        self.fields["is_settled"] = forms.BooleanField(
            label=gettext("I have put it right already"), required=False
        )
        self.fields["voice"] = _voice()

    def point(self) -> tuple[float, float, str] | None:
        """The point that the device gave."""
        given = self.cleaned_data
        if given.get("longitude") is None or given.get("latitude") is None or not given["datum"]:
            return None
        return given["longitude"], given["latitude"], given["datum"]


def taken(form: HouseForm) -> list[Taken]:
    """The photos of a form, and its voice note."""
    given = [*(form.cleaned_data.get("photos") or []), form.cleaned_data.get("voice")]
    return [Taken(each.read(), each.content_type) for each in given if each]


def _voice() -> forms.FileField:
    """What a phone records, by its own recorder where the page can't."""
    widget = forms.FileInput(attrs={"accept": "audio/*", "capture": True, "data-voice": True})
    return forms.FileField(label=gettext_lazy("Voice note"), required=False, widget=widget)


def _camera(*, required: bool) -> PhotosField:
    field = PhotosField(label=gettext_lazy("Photo"), required=required)
    field.widget.attrs["capture"] = "environment"
    return field


def _items() -> list[Any]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for each in cases.items():
        parent = say(each.parent.title) if each.parent else ""
        groups.setdefault(parent, []).append((each.code, say(each.title)))
    return [("", "—"), *groups.items()]
