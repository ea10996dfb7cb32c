"""Data looked for: pointed to what is held, matched, published on request, then demanded."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from haihe.base.actor import Actor
from haihe.base.errors import HaiheError
from haihe.kernel.cases import queries as cases
from haihe.kernel.catalogue import actions, queries
from haihe.kernel.catalogue.declare import ColumnDraft, Procedure
from haihe.kernel.catalogue.models import Wanted
from haihe.kernel.org.models import Department
from haihe.systems.sharing.models import WantedCase
from tests.catalogue.builders import ALL, PROVIDER, RECEIVER, THIRD, Small, publish

JUDGE = Actor("officer", "9", department="bureau", permissions=ALL)


@pytest.fixture(autouse=True)
def bureau(db: None, settings: LazySettings) -> None:
    """A city whose bureau finds who holds what is looked for."""
    Department.objects.create(
        code="bureau", name={"en": "Bureau", "zh": "数据局"}, kind="department"
    )
    settings.CATALOGUE_PROCEDURE = Procedure(authority="bureau")


def refused(code: str) -> pytest.RaisesExc[HaiheError]:
    """The block is refused with that code."""
    return pytest.RaisesExc(HaiheError, check=lambda error: error.code == code)


def seek(*items: str, by: Actor = RECEIVER, why: str = "") -> Wanted:
    """Look for data."""
    return actions.seek_data(
        by=by,
        title="Heating of homes",
        items=items or ("Kind of heating", "Year of the boiler"),
        purpose="housing.fund",
        basis="Housing Act, art. 3",
        why_not_held=why,
    )


def test_the_authority_finds_it_and_the_demand_answers_it(small: Small) -> None:
    sought = seek()
    assert list(queries.wanted_waiting_for("bureau")) == [sought]
    with refused("catalogue.not_your_department"):
        actions.match_wanted(by=PROVIDER, wanted=sought, resource=small.resource)
    actions.match_wanted(by=JUDGE, wanted=sought, resource=small.resource)
    assert list(queries.wanted_waiting_for("housing")) == [sought]
    raised = actions.raise_demand(
        by=RECEIVER,
        resource=small.resource,
        columns=["person"],
        purpose="housing.fund",
        basis="Housing Act, art. 3",
        mode="interface",
        wanted=sought,
    )
    sought.refresh_from_db()
    assert (sought.state, sought.demand) == ("demanded", raised)
    assert cases.case(WantedCase.objects.get(wanted=sought).case_id).state == "demanded"


def test_a_provider_that_is_asked_publishes_or_says_why_not(small: Small) -> None:
    sought = seek()
    actions.ask_provider(by=JUDGE, wanted=sought, department="civil")
    with refused("catalogue.not_your_department"):
        actions.supply_wanted(by=THIRD, wanted=sought, resource=small.resource)
    with refused("catalogue.without_reason"):
        actions.decline_wanted(by=PROVIDER, wanted=sought, reason=" ")
    actions.decline_wanted(by=PROVIDER, wanted=sought, reason="We hold paper only")
    actions.ask_provider(by=JUDGE, wanted=sought, department="civil")
    published = publish("civil/heating")
    found = actions.supply_wanted(by=PROVIDER, wanted=sought, resource=published)
    assert (found.state, found.resource, found.due) == ("found", published, None)


def test_what_the_city_holds_is_pointed_out_and_not_looked_for_again(small: Small) -> None:
    columns = [ColumnDraft("phone", "text", {"en": "Phone"}, element="person.phone", is_lead=True)]
    publish("civil/phones", columns=columns)
    with refused("catalogue.wanted.held_already"):
        seek("phone")
    assert not Wanted.objects.exists()
    assert seek("Phone", why="Only of those who moved in this year").state == "matching"


def test_what_cannot_be_had_is_refused_with_a_reason(small: Small) -> None:
    sought = seek()
    with refused("catalogue.without_reason"):
        actions.refuse_wanted(by=JUDGE, wanted=sought, reason="")
    refused_one = actions.refuse_wanted(by=JUDGE, wanted=sought, reason="Nobody keeps it")
    assert (refused_one.state, refused_one.reason) == ("refused", "Nobody keeps it")
    with refused("catalogue.state.not_allowed"):
        actions.match_wanted(by=JUDGE, wanted=sought, resource=small.resource)


def test_only_whoever_looks_for_it_takes_it_back(small: Small) -> None:
    sought = seek()
    with refused("catalogue.not_your_department"):
        actions.withdraw_wanted(by=THIRD, wanted=sought)
    assert actions.withdraw_wanted(by=RECEIVER, wanted=sought).state == "withdrawn"


@pytest.mark.parametrize("resource", ["other", "unpublished", "own"])
def test_what_does_not_answer_it_is_refused(small: Small, resource: str) -> None:
    sought = seek(by=PROVIDER) if resource == "own" else seek()
    if resource == "own":
        with refused("catalogue.demand.own_resource"):
            actions.match_wanted(by=JUDGE, wanted=sought, resource=small.resource)
    elif resource == "unpublished":
        with refused("catalogue.resource.unknown"):
            actions.match_wanted(by=JUDGE, wanted=sought, resource="civil/nothing")
    else:
        actions.match_wanted(by=JUDGE, wanted=sought, resource=small.resource)
        other = publish("civil/other")
        with refused("catalogue.demand.bad"):
            actions.raise_demand(
                by=RECEIVER,
                resource=other,
                columns=["person"],
                purpose="housing.fund",
                basis="Act",
                mode="interface",
                wanted=sought,
            )


@pytest.mark.parametrize(
    ("items", "code"), [((), "catalogue.without_columns"), ((" ", ""), "catalogue.without_columns")]
)
def test_an_entry_names_what_it_looks_for(small: Small, items: tuple[str, ...], code: str) -> None:
    with refused(code):
        actions.seek_data(
            by=RECEIVER, title="Homes", items=items, purpose="housing.fund", basis="Act"
        )
