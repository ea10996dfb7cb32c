"""The look of forms: a label, a hint, the error beside its field, and one way to refuse."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.translation import gettext

from haihe.base.errors import HaiheError
from haihe.ui.failures import told

_CLASSES = {
    "checkbox": "form-check-input",
    "radio": "form-check-input",
    "select": "form-select",
    "hidden": "",
    "file": "form-control",
}


class Renderer(TemplatesSetting):
    """Draws every form of the house, allauth's too: our field template, Tabler's classes."""

    field_template_name = "components/field.html"
    form_template_name = "components/form.html"

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        """Render a form, a field or a widget; a widget gets its class."""
        widget = context.get("widget")
        if widget is not None:
            kind = widget.get("type") or ("select" if "optgroups" in widget else "text")
            widget["attrs"].setdefault("class", _CLASSES.get(kind, "form-control"))
            widget["attrs"].pop("placeholder", None)  # allauth's repeat the label
        return str(super().render(template_name, context, request))


MOST_PHOTOS = 6


class ManyFiles(forms.ClearableFileInput):
    """An input that takes several files."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Photos, a few at most; the files noun checks each."""

    widget = ManyFiles(attrs={"accept": "image/jpeg,image/png,image/webp"})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """All files that were sent."""
        sent = data if isinstance(data, list | tuple) else [data] if data else []
        if self.required and not sent:
            raise forms.ValidationError(gettext("Add a photo."))
        if len(sent) > MOST_PHOTOS:
            raise forms.ValidationError(gettext("Six photos at most."))
        return [super(PhotosField, self).clean(each) for each in sent]


class HouseForm(forms.Form):
    """A form that can show an action's refusal. Put ``{{ form }}`` or single fields' groups."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def refuse(self, fault: HaiheError) -> None:
        """Show an action's refusal above the fields."""
        words = told(fault)
        self.add_error(None, " ".join(p for p in (words.message, words.detail, words.hint) if p))
