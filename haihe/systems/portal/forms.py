"""What the citizen's pages ask for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from haihe.ui.forms import HouseForm, PhotosField


class RequestForm(HouseForm):
    """What a citizen asks for, in their words."""

    title = forms.CharField(label=gettext_lazy("What it is about"), max_length=100)
    note = forms.CharField(
        label=gettext_lazy("What you want to say"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    photos = PhotosField(label=gettext_lazy("Photos"), required=False)
