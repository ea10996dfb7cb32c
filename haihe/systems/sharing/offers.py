"""The steps of the procedures as pages offer them: to whom, in which state, asking for what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from haihe.base.actor import Actor
from haihe.kernel.catalogue import actions, queries
from haihe.kernel.catalogue.models import Demand, Dispute, Wanted
from haihe.systems.sharing import step_forms as forms

Row = Demand | Wanted | Dispute


@dataclass(frozen=True)
class Offer:
    """One step: who may see its form (``part``, ``permission``), when, and what it does.

    ``is_main``: the step that is waited for; the others fold. ``said`` is told when it is done.
    """

    title: Any
    said: Any
    act: Callable[..., object]
    states: tuple[str, ...]
    part: str
    permission: str
    icon: str = "check"
    form: type[forms.StepForm] = forms.StepForm
    text: Any = ""
    is_main: bool = False


@dataclass(frozen=True)
class Offered:
    """A step with its form, ready to be drawn."""

    name: str
    offer: Offer
    form: forms.StepForm


def _part_of_demand(by: Actor, demand: Demand) -> set[str]:
    found = set()
    if by.department == demand.department_id:
        found |= {"asker", "party"}
    if by.department == demand.resource.department_id:
        found |= {"provider", "party"}
    if "party" in found and not demand.disputes.filter(state=Dispute.State.RAISED).exists():
        found |= {"undisputed"}
    if queries.is_authority(by.department) and by.department != demand.department_id:
        found |= {"checker"}
    if queries.judges(by, demand):
        found |= {"judge"}
    return found


def _part_of_wanted(by: Actor, wanted: Wanted) -> set[str]:
    found = {"asker"} if by.department == wanted.department_id else set()
    if by.department == wanted.provider_id:
        found |= {"provider"}
    return found | ({"judge"} if queries.is_authority(by.department) else set())


def _part_of_dispute(by: Actor, dispute: Dispute) -> set[str]:
    parts = _part_of_demand(by, dispute.demand)
    if "party" in parts:
        parts |= {"raiser"} if by.department == dispute.department_id else {"other"}
    return parts


DEMAND: Mapping[str, Offer] = {
    "pass": Offer(
        _("The form is in order"), _("Passed on to the provider."), actions.pass_demand,
        ("checking",), "checker", "catalogue.demand.check", is_main=True,
        text=_("Basis, purpose and scope fit each other; as few columns as the purpose needs."),
    ),
    "return": Offer(
        _("Return it for correction"), _("Returned; the other department sees what is missing."),
        actions.return_demand, ("checking",), "checker", "catalogue.demand.check", "arrow-left",
        forms.Because,
    ),
    "grant": Offer(
        _("Grant"), _("Granted. The other department has been told."), actions.grant_demand,
        ("raised", "objected"), "provider", "catalogue.demand.grant", form=forms.Part, is_main=True,
        text=_("The columns above, for this purpose, until the term ends. Each use stands in the"
               " ledger."),
    ),
    "refuse": Offer(
        _("Refuse with this reason"), _("Refused. The other department sees your reason."),
        actions.refuse_demand, ("raised",), "provider", "catalogue.demand.refuse", "x",
        forms.Because,
    ),
    "extend": Offer(
        _("Take more time, once"), _("The time to decide is extended."), actions.extend_demand,
        ("raised",), "provider", "catalogue.demand.grant", "clock", forms.Extension,
    ),
    "negotiate": Offer(
        _("Object to the refusal"), _("The provider has been told; talk it over."),
        actions.negotiate_demand, ("refused",), "asker", "catalogue.demand.negotiate", "message",
        forms.Because, _("Both departments talk it over. Without agreement the authority decides."),
    ),
    "say": Offer(
        _("Say something"), _("The other department sees it."), actions.say_in_negotiation,
        ("objected", "deciding"), "party", "catalogue.demand.negotiate", "message", forms.Says,
        is_main=True,
    ),
    "bring": Offer(
        _("Bring it to the authority"), _("The authority decides now."), actions.bring_demand,
        ("objected",), "party", "catalogue.demand.negotiate", "building-bank", forms.Because,
    ),
    "decide": Offer(
        _("Decide"), _("Decided. Both departments have been told."), actions.decide_demand,
        ("deciding",), "judge", "catalogue.demand.decide", "scale", forms.Decision, is_main=True,
        text=_("What the negative list or the provider's class withholds can't be granted by"
               " anybody."),
    ),
    "withdraw": Offer(
        _("Take the demand back"), _("The demand is withdrawn."), actions.withdraw_demand,
        ("checking", "returned", "raised", "objected", "deciding"), "asker",
        "catalogue.demand.withdraw", "arrow-left",
    ),
    "dispute": Offer(
        _("Raise a dispute"), _("The authority and the other department have been told."),
        actions.raise_dispute, ("granted",), "undisputed", "catalogue.dispute.raise", "scale",
        forms.Claim,
    ),
}  # fmt: skip

WANTED: Mapping[str, Offer] = {
    "find": Offer(
        _("A resource holds it"), _("Found. The department has been told."), actions.match_wanted,
        ("matching",), "judge", "catalogue.demand.match", "search", forms.Find, is_main=True,
    ),
    "ask": Offer(
        _("Ask a department to publish"), _("The department has been told."), actions.ask_provider,
        ("matching",), "judge", "catalogue.demand.match", "send", forms.Ask,
    ),
    "refuse": Offer(
        _("It can't be had"), _("The department sees your reason."), actions.refuse_wanted,
        ("matching",), "judge", "catalogue.demand.match", "x", forms.Because,
    ),
    "supply": Offer(
        _("We have published it"), _("The department that looks for it has been told."),
        actions.supply_wanted, ("publishing",), "provider", "catalogue.demand.grant", "books",
        forms.Find, is_main=True,
    ),
    "decline": Offer(
        _("We can't publish it"), _("The authority looks further."), actions.decline_wanted,
        ("publishing",), "provider", "catalogue.demand.refuse", "x", forms.Because,
    ),
    "withdraw": Offer(
        _("We no longer look for it"), _("Taken back."), actions.withdraw_wanted,
        ("matching", "publishing", "found"), "asker", "catalogue.demand.withdraw", "arrow-left",
    ),
}  # fmt: skip

DISPUTE: Mapping[str, Offer] = {
    "answer": Offer(
        _("Reply"), _("The authority sees your answer."), actions.answer_dispute,
        ("raised",), "other", "catalogue.dispute.raise", "message", forms.Says, is_main=True,
    ),
    "settle": Offer(
        _("Settle the dispute"), _("Settled. Both departments have been told."),
        actions.settle_dispute, ("raised",), "judge", "catalogue.demand.decide", "scale",
        forms.Settlement, is_main=True,
    ),
    "withdraw": Offer(
        _("Take the dispute back"), _("Taken back."), actions.withdraw_dispute,
        ("raised",), "raiser", "catalogue.dispute.raise", "arrow-left",
    ),
}  # fmt: skip

_PARTS: dict[type, tuple[Mapping[str, Offer], Callable[[Actor, Any], set[str]]]] = {
    Demand: (DEMAND, _part_of_demand),
    Wanted: (WANTED, _part_of_wanted),
    Dispute: (DISPUTE, _part_of_dispute),
}


def offered(by: Actor, row: Row) -> list[Offered]:
    """The steps that an officer may take now, the one that is waited for first."""
    offers, parts_of = _PARTS[type(row)]
    parts = parts_of(by, row)
    found = [
        Offered(name, offer, offer.form(prefix=name, row=row))
        for name, offer in offers.items()
        if row.state in offer.states and offer.part in parts and by.may(offer.permission)
    ]
    return sorted(found, key=lambda each: not each.offer.is_main)
