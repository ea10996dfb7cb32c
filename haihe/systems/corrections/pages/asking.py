"""What a form of an objection sent, as the actions take it."""

from __future__ import annotations

from django.http import HttpRequest

from haihe.systems.corrections.actions import Asked, Evidence
from haihe.systems.corrections.forms import ObjectForm


def asked_of(request: HttpRequest, form: ObjectForm) -> Asked:
    """The cell, what should stand there, why, and the file that shows it."""
    given, sent = form.cleaned_data, form.cleaned_data["evidence"]
    file = Evidence(sent.read(), sent.name, sent.content_type or "") if sent else None
    return Asked(
        token=request.POST.get("token", ""),
        value=given["value"],
        why=given["why"],
        is_gone=given["is_gone"],
        evidence=file,
    )
