"""What a browser holds of reports: one that is being written, and the secrets of those sent."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from haihe.systems.snap.actions.limits import Source
from haihe.systems.snap.errors import OldDraft
from haihe.systems.snap.queries import keyed, new_token
from haihe.ui.sign_in.address import address_of

BEGUN, SENT, DEVICE, SECRETS = "snap", "snap_sent", "snap_device", "snap_reports"
MOST_SECRETS = 20
YEAR_S = 365 * 24 * 3600


@dataclass
class Begun:
    """A report that is being written, as the session holds it."""

    draft: str = field(default_factory=lambda: str(uuid4()))
    photos: list[str] = field(default_factory=list)
    words: str = ""
    point: list[Any] | None = None
    guess: list[Any] | None = None
    address: str = ""

    def keep(self, request: HttpRequest) -> None:
        """Keep it in the session."""
        request.session[BEGUN] = asdict(self)
        request.session.pop(SENT, None)

    def place(self) -> tuple[float, float, str] | None:
        """The point that was chosen."""
        return tuple(self.point) if self.point else None  # type: ignore[return-value]

    def files(self) -> tuple[UUID, ...]:
        """Keys of the photos sent so far."""
        return tuple(UUID(each) for each in self.photos)


def begun(request: HttpRequest) -> Begun:
    """What the session holds; ``snap.draft.old`` if nothing."""
    held = request.session.get(BEGUN)
    if not held:
        raise OldDraft
    return Begun(**held)


def held_as(request: HttpRequest, draft: UUID) -> Begun | None:
    """What the session holds, if it is this very draft."""
    held = request.session.get(BEGUN)
    return Begun(**held) if held and held["draft"] == str(draft) else None


def end(request: HttpRequest) -> None:
    """Forget what was written: it is sent."""
    request.session.pop(BEGUN, None)
    request.session[SENT] = True


def is_sent(request: HttpRequest) -> bool:
    """Whether what was written last is sent: a page of it that is read again is not "too old"."""
    return BEGUN not in request.session and SENT in request.session


def whom(request: HttpRequest) -> str:
    """A sign of the account that is signed in, for a page to keep; nothing of a visitor's.

    What a phone kept in one's name is not filed in the name of whoever is signed in later.
    """
    actor = request.actor  # type: ignore[attr-defined]
    return keyed("whom", actor.name).hex() if actor.kind == "citizen" else ""


def source_of(request: HttpRequest) -> Source:
    """Where something comes from: the device's secret and the address."""
    return Source(device=request.COOKIES.get(DEVICE, ""), address=address_of(request))


def remember_device(request: HttpRequest, answer: HttpResponse) -> None:
    """Give a browser a secret of its own, once, so that its reports can be counted."""
    if not request.COOKIES.get(DEVICE):
        _set(answer, DEVICE, new_token())


def secrets_of(request: HttpRequest) -> list[str]:
    """Secrets of anonymous reports that this browser sent."""
    return [each for each in request.COOKIES.get(SECRETS, "").split(".") if each][:MOST_SECRETS]


def remember(request: HttpRequest, answer: HttpResponse, token: str) -> None:
    """Keep the secret of a report in the browser that sent it."""
    _set(answer, SECRETS, ".".join([token, *secrets_of(request)][:MOST_SECRETS]))


def hashes_of(request: HttpRequest) -> list[bytes]:
    """Keyed hashes of the browser's secrets, as the rows hold them."""
    return [keyed("token", each) for each in secrets_of(request)]


def _set(answer: HttpResponse, name: str, value: str) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=YEAR_S,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )
