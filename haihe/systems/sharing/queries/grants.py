"""What pages show of a grant beside its columns: its terms in words, renewals, receipts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from haihe.base.text import Text
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.catalogue.models import (
    Deletion,
    Demand,
    Grant,
    GrantDocument,
    OnwardException,
    Renewal,
)


@dataclass(frozen=True)
class Bounds:
    """What bounds the use besides columns, purpose and term; each in both languages."""

    rows: Text
    pace: Text
    life_days: int
    onward: Text
    is_return_flow: bool


@dataclass(frozen=True)
class Receipt:
    """A deletion that was asked, and whether its receipt is late."""

    deletion: Deletion
    is_late: bool


@dataclass(frozen=True)
class Onward:
    """A request for onward use, and to whom in words."""

    exception: OnwardException
    to: Text


@dataclass(frozen=True)
class Card:
    """A grant as its card shows it; ``document`` is none of grants from before there were any."""

    sentence: Text
    bounds: Bounds
    document: GrantDocument | None
    is_whole: bool
    renewals: Sequence[Renewal]
    receipts: Sequence[Receipt]
    onward: Sequence[Onward]
    cut: catalogue.Cut | None

    @property
    def open_exception(self) -> Onward | None:
        """The request for onward use that waits for its answer, if one does."""
        asked = OnwardException.State.ASKED
        return next((each for each in self.onward if each.exception.state == asked), None)

    @property
    def open_renewal(self) -> Renewal | None:
        """The renewal that waits for its answer, if one does."""
        return next((each for each in self.renewals if each.state == Renewal.State.ASKED), None)


def bounds_of(held: Demand | Grant) -> Bounds:
    """The terms that a demand asks for, or a grant gives."""
    demand = held if isinstance(held, Demand) else held.demand
    return Bounds(
        rows=catalogue.rows_in_words(held),
        pace=catalogue.pace_in_words(held),
        life_days=held.data_life_days,
        onward=catalogue.onward_in_words(held),
        is_return_flow=demand.is_return_flow,
    )


def card_of(grant: Grant) -> Card:
    """A grant's card."""
    document = catalogue.document(grant)
    return Card(
        sentence=catalogue.terms_in_words(grant),
        bounds=bounds_of(grant),
        document=document,
        is_whole=document is not None and catalogue.is_whole(document),
        renewals=list(catalogue.renewals(grant=grant)),
        receipts=[
            Receipt(each, catalogue.is_late(each)) for each in catalogue.deletions(grant=grant)
        ],
        onward=[
            Onward(each, catalogue.departments_in_words(each.to))
            for each in catalogue.exceptions(grant=grant)
        ],
        cut=catalogue.cut_of(grant),
    )


@dataclass(frozen=True)
class Ledger:
    """How many grants and receipts the tabs of the page of grants count."""

    ending: int
    renewals: int
    onward: int
    owed: int
    late: int


def ledger_of_grants(department: str) -> Ledger:
    """The counts of the tabs: renewals that wait for this department, all else for everybody."""
    owed = list(catalogue.deletions(open_only=True))
    return Ledger(
        ending=catalogue.ending_soon().count(),
        renewals=catalogue.renewals(provider=department, state=Renewal.State.ASKED).count(),
        onward=catalogue.exceptions(provider=department, state=OnwardException.State.ASKED).count(),
        owed=len(owed),
        late=sum(catalogue.is_late(each) for each in owed),
    )
