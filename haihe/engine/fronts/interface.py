"""A ministry's interface: called with application key and approval number, within its quota."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from haihe.engine.fronts.errors import CallRefused, FrontDown, QuotaSpent
from haihe.engine.fronts.quota import Quota

_SECONDS = 20
_MOST_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True)
class Interface:
    """Where and as whom to call. ``key`` is a secret: it stands in no text of this object."""

    url: str
    approval: str
    quota: Quota
    key: str = field(repr=False)

    def call(self, name: str, question: dict[str, Any], *, day: date) -> dict[str, Any]:
        """The answer to one question, a JSON object each.

        Errors: ``fronts.quota.spent`` (here or there), ``fronts.call.refused``, ``fronts.down``.
        """
        self.quota.spend(day)
        request = urllib.request.Request(  # noqa: S310 - the address is the city's own setting
            f"{self.url.rstrip('/')}/{name}",
            data=json.dumps(question, ensure_ascii=False).encode(),
            headers={
                "Content-Type": "application/json",
                "X-App-Key": self.key,
                "X-Approval-Number": self.approval,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
                found = json.loads(answer.read(_MOST_BYTES))
        except urllib.error.HTTPError as fault:
            fault.close()
            raise _refusal(fault.code) from None
        except (OSError, ValueError):
            raise FrontDown from None
        if not isinstance(found, dict):
            raise CallRefused("The interface answered with no JSON object.")
        return found


def _refusal(status: int) -> Exception:
    if status == 429:
        return QuotaSpent("The ministry says that today's calls are used up.")
    if status >= 500:
        return FrontDown()
    return CallRefused(f"The interface refused the call with status {status}.")
