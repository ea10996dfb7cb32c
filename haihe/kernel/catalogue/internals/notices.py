"""What a department is told by the catalogue: written in the caller's transaction."""

from __future__ import annotations

from haihe.base.text import Text
from haihe.kernel.messages.models import Channel, Message


def tell(department: str, *, key: str, title: Text, text: Text, url: str = "") -> None:
    """Put one message into the department's inbox; the same key is never written twice."""
    Message.objects.get_or_create(
        key=key,
        defaults={
            "department_id": department,
            "channel": Channel.IN_APP,
            "title": dict(title),
            "text": dict(text),
            "url": url,
        },
    )
