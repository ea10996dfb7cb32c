"""Forms of delivery as files: the receiver's key, and how files are made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haihe.ui.forms import HouseForm


class KeyForm(HouseForm):
    """The public half of a pair of keys."""

    public = forms.CharField(
        label=_("Public key"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("The line that begins with age1; haihe export keygen or age-keygen shows it."),
    )


class FileDeliveryForm(HouseForm):
    """How files are made: their form, their size, how often."""

    form = forms.ChoiceField(label=_("Form"), widget=forms.RadioSelect)
    mode = forms.ChoiceField(
        label=_("Contents"),
        widget=forms.RadioSelect,
        initial="full",
        help_text=_("Of changes: after a whole set, what came, what changed and which keys went."),
    )
    size_mib = forms.IntegerField(
        label=_("Size of a file (MiB)"), min_value=1, max_value=4096, initial=256
    )
    schedule = forms.ChoiceField(label=_("Made anew"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form"].choices = [
            ("parquet", "Parquet"),
            ("csv utf-8", _("CSV in UTF-8")),
            ("csv gb18030", _("CSV in GB18030")),
        ]
        self.fields["form"].initial = "parquet"
        self.fields["mode"].choices = [
            ("full", _("All rows each time")),
            ("changes", _("What changed since the last set")),
        ]
        self.fields["schedule"].choices = [
            ("", _("When asked for")),
            ("every 1d", _("Daily")),
            ("every 7d", _("Weekly")),
            ("every 30d", _("Every 30 days")),
        ]

    def chosen(self) -> dict[str, Any]:
        """What the action is asked; once valid."""
        file_format, _space, encoding = self.cleaned_data["form"].partition(" ")
        return {
            "file_format": file_format,
            "encoding": encoding or "utf-8",
            "mode": self.cleaned_data["mode"],
            "size_mib": self.cleaned_data["size_mib"],
            "schedule": self.cleaned_data["schedule"],
        }
