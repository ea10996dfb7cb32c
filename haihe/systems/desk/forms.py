"""Forms of the desk: they parse and word; what is allowed the actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haihe.base.registry import registry
from haihe.kernel.org.models import Department
from haihe.systems.desk.queries import Way
from haihe.ui.forms import HouseForm
from haihe.ui.templatetags.house import say


class LookUpForm(HouseForm):
    """Whom to look up, under which of the department's grants."""

    way = forms.ChoiceField(
        label=_("What for"),
        help_text=_("Your department's grants in force. The person sees which one you used."),
    )
    number = forms.CharField(
        label=_("Identity number"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, ways: list[Way], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [(w.key, f"{say(w.purpose.title)} · {say(w.service.title)}") for w in ways]
        self.fields["way"].choices = shown


class CounterForm(HouseForm):
    """Whom the officer has before them, by the document, and which account is theirs."""

    username = forms.CharField(label=_("Sign-in name"), max_length=150)
    number = forms.CharField(
        label=_("Identity number"),
        help_text=_("As it stands on the document."),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class AuditFilter(HouseForm):
    """Narrows the auditor's page."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    department = forms.ChoiceField(label=_("Department"), required=False)
    actor = forms.CharField(label=_("Who"), required=False, max_length=120)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    before = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = sorted(registry.ledger_kinds.values(), key=lambda kind: kind.name)
        anything = [("", _("Any"))]
        self.fields["kind"].choices = [*anything, *((k.name, say(k.title)) for k in kinds)]
        departments = Department.objects.order_by("code")
        named = [(each.code, say(each.name)) for each in departments]
        self.fields["department"].choices = [*anything, *named]
