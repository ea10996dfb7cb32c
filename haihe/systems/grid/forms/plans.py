"""Forms of grids: they parse and word; what is allowed the actions decide."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haihe.kernel.places.declare import GridDraft
from haihe.kernel.places.models import Datum
from haihe.systems.grid.errors import NotGeoJson, OtherDatum
from haihe.systems.grid.queries.plans import districts
from haihe.ui.forms import HouseForm
from haihe.ui.templatetags.house import say

MOST_BYTES = 20_000_000


class StreetFilter(HouseForm):
    """Narrows the list of streets."""

    words = forms.CharField(label=_("Name or code"), required=False, max_length=60)
    above = forms.ChoiceField(label=_("Lies in"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(each.code, say(each.name)) for each in districts()]
        self.fields["above"].choices = [("", _("Anywhere")), *known]


class UploadForm(HouseForm):
    """A street's grids as a file."""

    file = forms.FileField(
        label=_("GeoJSON file"),
        help_text=_("Polygons, each with its code; all grids of the street."),
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,application/geo+json"}),
    )
    datum = forms.ChoiceField(label=_("Coordinate system"), choices=Datum.choices)
    source = forms.CharField(
        label=_("Source"), max_length=200, help_text=_("Who surveyed or drew them, and when.")
    )
    is_schematic = forms.BooleanField(
        label=_("Schematic: without a map approval number"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["datum"].choices = [(each, each) for each in Datum.values]


class PublishForm(HouseForm):
    """From which day a version is in force."""

    valid_from = forms.DateField(
        label=_("In force from"), widget=forms.DateInput(attrs={"type": "date"})
    )


class DivideForm(HouseForm):
    """One grid in two: by the line that was drawn, else by a straight one."""

    grid = forms.ChoiceField(label=_("Grid"))
    way = forms.ChoiceField(
        label=_("By a line"),
        choices=[("upright", _("from north to south")), ("level", _("from west to east"))],
    )
    share = forms.IntegerField(
        label=_("Where, in per cent from the west or the south"),
        min_value=5,
        max_value=95,
        initial=50,
    )
    line = forms.CharField(required=False, widget=forms.HiddenInput)
    drawing = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, codes: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grid"].choices = [(code, code) for code in codes]

    def clean_line(self) -> list[tuple[float, float]]:
        """Corners of the line that was drawn on the map; none where none was."""
        try:
            found = json.loads(self.cleaned_data["line"] or "[]")
            return [(float(x), float(y)) for x, y in found]
        except (ValueError, TypeError, RecursionError):
            raise forms.ValidationError(_("Draw the line again.")) from None


class JoinForm(HouseForm):
    """Two grids that become one."""

    grid = forms.ChoiceField(label=_("This grid stays"))
    other = forms.ChoiceField(label=_("and takes in"))
    drawing = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, codes: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("grid", "other"):
            self.fields[name].choices = [(code, code) for code in codes]


def drafts_of(text: bytes | str, *, datum: str) -> list[GridDraft]:
    """The grids of a GeoJSON feature collection.

    Errors: ``grid.upload.unreadable``, ``grid.upload.other_datum``.
    """
    try:
        found = json.loads(text)
        features = list(found["features"])
        head = found.get("haihe", {})
        named = head.get("datum", datum) if isinstance(head, Mapping) else datum
        if named != datum:
            raise OtherDatum(f"The file says {named}, you chose {datum}.")
        return [_draft(each["properties"], each["geometry"]) for each in features]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NotGeoJson from None


def _draft(known: Mapping[str, Any], geometry: Mapping[str, Any]) -> GridDraft:
    name = known.get("name") or {}
    return GridDraft(
        code=str(known["code"]).strip(),
        geometry=dict(geometry),
        community=str(known.get("community") or ""),
        kind=str(known.get("kind") or "all_round"),
        name={str(k): str(v) for k, v in name.items()}
        if isinstance(name, Mapping)
        else {"zh": str(name), "en": str(name)},
    )
