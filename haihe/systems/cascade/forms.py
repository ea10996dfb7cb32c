"""Forms of other catalogues: they parse and word; what is allowed the actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haihe.kernel.catalogue.models import SharingClass
from haihe.kernel.services.queries import callers
from haihe.systems.cascade.models import Kind, Source
from haihe.ui.forms import HouseForm
from haihe.ui.templatetags.house import say
from haihe.ui.words import name_of

KINDS = {
    Kind.DCAT: _("Any catalogue in DCAT-AP"),
    Kind.ABOVE: _("A Haihe of a higher level"),
    Kind.BELOW: _("A Haihe of a lower level"),
}


class EntryFilter(HouseForm):
    """Narrows the entries of other catalogues."""

    words = forms.CharField(label=_("Words"), required=False, max_length=200)
    source = forms.ChoiceField(label=_("From which catalogue"), required=False)
    sharing_class = forms.ChoiceField(label=_("Sharing class"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sources = Source.objects.order_by("title").values_list("code", "title")
        classes = [(each, name_of("sharing_class", each)) for each in SharingClass.values]
        self.fields["source"].choices = [("", _("Any")), *sources]
        self.fields["sharing_class"].choices = [("", _("Any")), *classes]
        self.fields["state"].choices = [("", _("Still there")), ("gone", _("Gone"))]

    @property
    def narrowing(self) -> list[forms.BoundField]:
        """All fields but the words."""
        return [self[name] for name in self.fields if name != "words"]

    @property
    def is_narrowed(self) -> bool:
        """Whether it is narrowed by more than words."""
        return any(value for name, value in self.asked().items() if name != "words")

    def asked(self) -> dict[str, Any]:
        """What the search is asked."""
        chosen = self.cleaned_data if self.is_valid() else {}
        narrowed = {name: chosen.get(name, "") for name in ("words", "source", "sharing_class")}
        return narrowed | {"is_gone": chosen.get("state") == "gone"}


class SourceForm(HouseForm):
    """Names another catalogue."""

    kind = forms.ChoiceField(label=_("Kind"), widget=forms.RadioSelect)
    title = forms.CharField(label=_("Title"), max_length=120)
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Small letters, digits, dots, hyphens and underscores, for example province"),
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=500,
        required=False,
        help_text=_(
            "Where its first page is; of a higher Haihe its address with /dcat/shared.ttl. "
            "A lower level has none: it sends itself."
        ),
    )
    key = forms.CharField(
        label=_("Key"),
        max_length=200,
        required=False,
        help_text=_("The caller's key that the other side made for us, if it needs one."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    caller = forms.ModelChoiceField(
        label=_("Sends as the caller"),
        queryset=None,
        required=False,
        help_text=_("Of a lower level: the caller whose key it sends its catalogue with."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, words) for kind, words in KINDS.items()]
        self.fields["kind"].initial = Kind.DCAT.value
        self.fields["caller"].queryset = callers().filter(is_active=True)
        self.fields["caller"].label_from_instance = lambda each: (
            f"{say(each.department.name)} · {each.subsystem}"
        )
