"""What a department is told by the catalogue: written in the caller's transaction."""

from __future__ import annotations

from haihe.base.text import Text
from haihe.kernel.messages import actions as messages
from haihe.kernel.org.models import Department


def tell(department: str, *, key: str, title: Text, text: Text) -> None:
    """Put one message into the department's inbox; the same key is never written twice."""
    messages.write(key=key, title=title, text=text, to=Department.objects.get(pk=department))
