"""Forms of the desk: they parse and word; what is allowed the actions decide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haihe.base.registry import registry
from haihe.kernel.org.models import Department, Post
from haihe.kernel.org.queries import STATES
from haihe.systems.desk.queries import Way
from haihe.ui.forms import HouseForm
from haihe.ui.templatetags.house import say
from haihe.ui.words import name_of

Choices = list[tuple[str, str]]


def _departments() -> Choices:
    active = Department.objects.filter(is_active=True).order_by("code")
    return [(each.code, say(each.name)) for each in active]


def _posts(posts: Iterable[Post]) -> Choices:
    return [(str(each.pk), f"{say(each.department.name)} · {say(each.title)}") for each in posts]


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
    actor = forms.CharField(label=_("Who acted"), required=False, max_length=120)
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


class OfficerFilter(HouseForm):
    """Narrows the list of officers. It is sent, never put into an address: it may hold a name."""

    words = forms.CharField(
        label=_("Name or sign-in name"),
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    department = forms.ChoiceField(label=_("Department"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        anything = [("", _("Any"))]
        self.fields["department"].choices = [*anything, *_departments()]
        states = [(word, name_of("officer", word)) for word in STATES]
        self.fields["state"].choices = [*anything, *states]


class JoinForm(HouseForm):
    """Who joins which department, under which sign-in name, and in which posts at once."""

    name = forms.CharField(
        label=_("Name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    username = forms.CharField(
        label=_("Sign-in name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    department = forms.ChoiceField(label=_("Department"))
    posts = forms.MultipleChoiceField(
        label=_("Posts at once"),
        help_text=_(
            "Only posts whose permissions you give. The other administrators give theirs on the "
            "officer's page."
        ),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, posts: list[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offered = posts
        self.fields["department"].choices = [("", "—"), *_departments()]
        self.fields["posts"].choices = _posts(posts)
        if not posts:
            del self.fields["posts"]

    def chosen_posts(self) -> list[Post]:
        """The posts ticked."""
        ticked = self.cleaned_data.get("posts", [])
        return [post for post in self._offered if str(post.pk) in ticked]


class PostForm(HouseForm):
    """One post to give."""

    post = forms.ChoiceField(label=_("Post"))

    def __init__(self, *args: Any, posts: list[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = [(str(each.pk), say(each.title)) for each in posts]


class TransferForm(HouseForm):
    """The department that an officer moves to."""

    department = forms.ChoiceField(label=_("To the department"))

    def __init__(self, *args: Any, but: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = [e for e in _departments() if e[0] != but]
