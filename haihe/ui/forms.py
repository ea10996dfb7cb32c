"""The look of forms: a label, a hint, the error beside its field, and one way to refuse."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting

from haihe.base.errors import HaiheError
from haihe.ui.failures import told


class Renderer(TemplatesSetting):
    """Draws each field by our template."""

    field_template_name = "components/field.html"


class HouseForm(forms.Form):
    """A form in the house's look. Put ``{{ form }}`` or ``{{ form.name.as_field_group }}``."""

    default_renderer = Renderer()
    template_name = "components/form.html"
    template_name_label = template_name
    required_css_class = "is-required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", _class_of(field.widget))
            field.widget.use_fieldset = isinstance(field.widget, _SETS)

    def refuse(self, fault: HaiheError) -> None:
        """Show an action's refusal above the fields."""
        words = told(fault)
        self.add_error(None, f"{words.message} {words.detail} {words.hint}".replace("  ", " "))


_SETS = (forms.CheckboxSelectMultiple, forms.RadioSelect)


def _class_of(widget: forms.Widget) -> str:
    if isinstance(widget, (forms.CheckboxInput, *_SETS)):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"
