"""Reports as their people and the hotline see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from haihe.base.text import Text
from haihe.kernel.cases import queries as cases
from haihe.kernel.cases.models import Case
from haihe.kernel.cases.queries import Likely, Step
from haihe.systems.snap.declare import COMMON_ICON, ICONS, NEAR_M
from haihe.systems.snap.errors import UnknownReport
from haihe.systems.snap.models import Follower, Receipt, SnapPhoto, SnapReport
from haihe.systems.snap.queries.spots import Point

TOLD = ("finish", "close", "mirror")
"""Steps whose notes are written for the citizen; every other note stays inside."""


@dataclass(frozen=True)
class Choice:
    """One category to choose from, as words and icon."""

    code: str
    title: Text
    icon: str
    is_suggested: bool


@dataclass(frozen=True)
class Told:
    """What a department or supervision wrote for the citizen."""

    action: str
    at: datetime
    note: str


def choices(text: str) -> list[Choice]:
    """The city's categories in their order, the one marked that the text suggests."""
    found = cases.suggest_categories(text, most=1) if text.strip() else []
    best = found[0].code if found else ""
    return [
        Choice(each.code, each.title, icon_of(each.code), each.code == best)
        for each in cases.categories()
    ]


def icon_of(category: str) -> str:
    """The icon of a category."""
    return ICONS.get(category, COMMON_ICON)


def category_title(case: Case) -> Text:
    """A case's category in words: the citizen's category, else its item's own title."""
    code = cases.category_of(case.category) or case.category
    return cases.item(code).title if code else {}


def likely(point: Point, category: str, text: str) -> list[Likely]:
    """Open reports around a point that may be of the same thing."""
    return cases.likely_duplicates(point, category, text, metres=NEAR_M)


def report(number: str) -> SnapReport:
    """A report by its number; ``snap.report.unknown``."""
    found = _rows().filter(number=number).first()
    if found is None:
        raise UnknownReport
    return found


def received(number: str) -> Receipt:
    """A report that is not filed yet, by its number; ``snap.report.unknown``."""
    found = Receipt.objects.filter(number=number, filed_at=None).first()
    if found is None:
        raise UnknownReport
    return found


def mine_received(*, account: int | None, hashes: Iterable[bytes]) -> QuerySet[Receipt]:
    """What an account or a browser sent and is not filed yet, newest first."""
    found = Receipt.objects.filter(_whose(account, hashes), filed_at=None)
    return found.order_by("-received_at")


def filed(
    draft: UUID, *, token_hash: bytes | None, account: int | None
) -> SnapReport | Receipt | None:
    """What became of a draft, for whoever sent it; ``snap.report.unknown`` for anybody else."""
    found = (
        SnapReport.objects.filter(draft=draft).first()
        or Receipt.objects.filter(draft=draft).first()
    )
    if found is None:
        return None
    is_own = account is not None and found.account_id == account
    has_secret = found.token_hash is not None and bytes(found.token_hash) == token_hash
    if not (is_own or has_secret):
        raise UnknownReport
    return found


def mine(*, account: int | None, hashes: Iterable[bytes]) -> QuerySet[SnapReport]:
    """The reports of an account and of the secrets that a browser keeps, newest first."""
    return _rows().filter(_whose(account, hashes)).order_by("-made_at")


def _whose(account: int | None, hashes: Iterable[bytes]) -> Q:
    whose = Q(token_hash__in=list(hashes))
    return whose if account is None else whose | Q(account=account)


def told(steps: Iterable[Step]) -> list[Told]:
    """What was written for the citizen, in order."""
    return [
        Told(each.event.action, each.event.at, each.remark["note"])
        for each in steps
        if each.event.action in TOLD and each.remark.get("note")
    ]


def words(steps: list[Step]) -> str:
    """What the reporter wrote."""
    return str(steps[0].remark.get("note", "")) if steps else ""


def followers(case: UUID) -> int:
    """How many others have the same trouble."""
    return Follower.objects.filter(case=case).count()


def photos_to_decide() -> QuerySet[SnapPhoto]:
    """Photos that nobody decided on, of reports that were handled; the oldest first."""
    waiting = SnapPhoto.objects.filter(
        report__isnull=False,
        published_at__isnull=True,
        is_refused=False,
        report__case__state__in=("answered", "closed"),
    )
    return waiting.select_related("report__case__place").order_by("made_at", "pk")


def _rows() -> QuerySet[SnapReport]:
    return SnapReport.objects.select_related("case__version", "case__place", "case__department")
