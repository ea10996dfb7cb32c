"""An objection's way: who may do what, what is told and kept, and what ends it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from stdnum import luhn

from haihe.base.clock import now, told
from haihe.base.errors import HaiheError, NotPermitted
from haihe.kernel.cases import actions as cases
from haihe.kernel.cases import queries as case_queries
from haihe.kernel.cases.jobs import SWEEPER
from haihe.kernel.cases.types.faults import faults_of
from haihe.kernel.files.models import StoredFile
from haihe.kernel.ledger.models import Entry
from haihe.kernel.ledger.queries import access_record
from haihe.kernel.messages.models import Message
from haihe.kernel.people.actions import give_mandate, register_enterprise
from haihe.kernel.people.declare import REPRESENTATIVE
from haihe.kernel.people.queries import person_of, subject_key
from haihe.systems.corrections import actions, queries
from haihe.systems.corrections.actions import Asked, Evidence
from haihe.systems.corrections.jobs import SWEEPER as FORGETTER
from haihe.systems.corrections.jobs import WATCHER
from haihe.systems.corrections.models import Objection, ObjectionWords, Receiver
from haihe.systems.corrections.procedure import Limits, objection_type, recall_type
from haihe.systems.corrections.queries import showing
from tests.corrections.builders import (
    ANN,
    BOB,
    CIVIL,
    LAND,
    PURPOSE,
    REVIEWER,
    RIGHT,
    STEWARD,
    TABLE,
    TAX,
    WRONG,
    Case,
    gather,
    gathering,
    grant,
    look,
    person,
    publish,
    row,
    token,
)
from tests.servers import Database

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def code_of(verb: object) -> str:
    """The code with which something is refused; empty if it is not."""
    try:
        verb()  # type: ignore[operator]
    except HaiheError as fault:
        return fault.code
    return ""


def state(objection: Objection) -> str:
    objection.refresh_from_db()
    return case_queries.case(objection.case_id).state


def test_seeing_ones_own_values_stands_in_ones_record(wrong: Case) -> None:
    rows = actions.see_own(by=wrong.by, account=wrong.account, resource=wrong.resource.pk)
    assert [cell.words for cell in rows[0]] == [ANN, "90.00", "2020-01-01"]
    latest = access_record(bytes(queries.own_of(wrong.account).key))[0]
    assert (latest.kind, latest.purpose) == ("corrections.value.viewed", "corrections.objection")
    assert latest.body["columns"] == ["person", "income", "since"]


def test_an_objection_waits_for_its_provider_within_ten_working_days(wrong: Case) -> None:
    raised = wrong.object()
    case = case_queries.case(raised.case_id)
    assert (case.department_id, case.state) == ("civil", "deciding")
    assert case.due is not None
    assert timedelta(days=10) < case.due - now() < timedelta(days=20)
    assert Message.objects.get(key__endswith=":raised:civil").text["zh"] == "家庭 · 收入"
    assert queries.objected_columns(bytes(raised.subject), raised.resource_id) == ["income"]


@pytest.mark.parametrize(
    ("value", "why", "code"),
    [
        ("90", "Misread", "corrections.value.same"),
        ("90.00", "Misread", "corrections.value.same"),
        ("much", "Misread", "corrections.value.bad"),
        ("NaN", "Misread", "corrections.value.bad"),
        ("900", "  ", "corrections.no_reason"),
    ],
)
def test_an_objection_that_says_nothing_is_refused(
    wrong: Case, value: str, why: str, code: str
) -> None:
    assert code_of(lambda: wrong.object(value, why)) == code
    assert not Objection.objects.exists()


def test_one_value_has_one_open_objection(wrong: Case) -> None:
    raised = wrong.object()
    assert code_of(wrong.object) == "corrections.objection.open_already"
    actions.withdraw(by=wrong.by, objection=raised.pk)
    assert state(raised) == "withdrawn"
    assert wrong.object().pk != raised.pk


def test_nobody_objects_to_another_persons_value(wrong: Case) -> None:
    other, by = person(BOB)
    asked = Asked(token(wrong.account, wrong.resource), RIGHT, "Misread")
    found = code_of(
        lambda: actions.object_to_own(by=by, account=other, resource=wrong.resource.pk, asked=asked)
    )
    assert found == "corrections.value.unknown"
    found = code_of(
        lambda: actions.object_to_own(
            by=by, account=wrong.account, resource=wrong.resource.pk, asked=asked
        )
    )
    assert found == "corrections.not_yours"


def test_a_department_objects_only_to_what_the_ledger_says_it_was_given(wrong: Case) -> None:
    held = queries.live_grants("tax").get()
    rows = actions.see_given(by=TAX, grant=held.pk, number=ANN)
    cell = next(each for each in rows[0] if each.column.name == "income")
    raised = actions.object_to_given(
        by=TAX, grant=held.pk, number=ANN, asked=Asked(cell.token, RIGHT, "Payslip says so")
    )
    assert (raised.department_id, raised.account_id) == ("tax", None)
    theirs = queries.live_grants("land").get()
    for by, key in ((LAND, theirs.pk), (LAND, held.pk)):
        refusal = code_of(lambda by=by, key=key: actions.see_given(by=by, grant=key, number=ANN))
        assert refusal == "corrections.value.not_given"
    assert code_of(lambda: actions.see_given(by=TAX, grant=held.pk, number="123")) == (
        "corrections.number.bad"
    )
    seen = access_record(bytes(raised.subject))
    viewed = next(each for each in seen if each.kind == "corrections.value.viewed")
    assert (viewed.department, viewed.purpose, viewed.grant) == ("tax", PURPOSE, held.pk)


def test_only_the_provider_decides_and_only_with_the_permission(wrong: Case) -> None:
    raised = wrong.object()
    for by in (TAX, LAND, REVIEWER):
        assert code_of(lambda by=by: actions.accept(by=by, objection=raised.pk, value=RIGHT)) == (
            "corrections.not_the_provider"
        )
    with pytest.raises(NotPermitted):
        actions.accept(by=wrong.by, objection=raised.pk, value=RIGHT)
    assert code_of(lambda: actions.reject(by=CIVIL, objection=raised.pk, reason=" ")) == (
        "corrections.no_reason"
    )
    assert state(raised) == "deciding"


def test_a_rejection_is_explained_and_appealed_once(wrong: Case) -> None:
    raised = wrong.object()
    actions.reject(by=CIVIL, objection=raised.pk, reason="The register says 90.")
    assert "The register says 90." in showing.way_of(Objection.objects.get())[1].note
    actions.appeal(by=wrong.by, objection=raised.pk, why="My payslip says 900.")
    assert case_queries.case(raised.case_id).department_id == "data_office"
    assert (
        code_of(lambda: actions.uphold(by=CIVIL, objection=raised.pk, value=RIGHT))
        == "corrections.not_the_authority"
    )
    actions.dismiss(by=REVIEWER, objection=raised.pk, reason="The payslip is another year's.")
    assert state(raised) == "refused"
    assert (raised.end, raised.accepted_at) == ("refused", None)
    assert code_of(lambda: actions.appeal(by=wrong.by, objection=raised.pk, why="Again")) == (
        "cases.state.not_allowed"
    )
    assert not Receiver.objects.exists()


def test_an_upheld_appeal_goes_back_to_the_provider_and_recalls(wrong: Case) -> None:
    raised = wrong.object()
    actions.reject(by=CIVIL, objection=raised.pk, reason="The register says 90.")
    actions.appeal(by=wrong.by, objection=raised.pk, why="My payslip says 900.")
    actions.uphold(by=REVIEWER, objection=raised.pk, value=RIGHT, reason="The payslip is right.")
    case = case_queries.case(raised.case_id)
    assert (case.state, case.department_id) == ("correcting", "civil")
    assert [each.department_id for each in Receiver.objects.all()] == ["tax"]


def test_a_rejection_that_nobody_appeals_stands_after_the_term(wrong: Case) -> None:
    raised = wrong.object()
    actions.reject(by=CIVIL, objection=raised.pk, reason="The register says 90.")
    with told(now() + timedelta(days=40)):
        cases.sweep_clocks(by=SWEEPER)
    assert state(raised) == "refused"
    assert raised.end == "refused"


def test_another_value_than_decided_is_shown_and_closes_nothing(wrong: Case) -> None:
    raised = wrong.object()
    actions.accept(by=CIVIL, objection=raised.pk, value=RIGHT)
    wrong.correct("800")
    assert state(raised) == "correcting"
    shown = showing.shown(raised, ObjectionWords.objects.get())
    assert (shown.seen, shown.is_other) == ("800.00", True)
    actions.restate(by=CIVIL, objection=raised.pk, value="800", reason="Recomputed: 800.")
    assert actions.check_arrivals(by=WATCHER) == 1
    assert state(raised) == "recalling"


def test_a_row_that_should_not_be_there_is_seen_to_go(wrong: Case) -> None:
    asked = Asked(token(wrong.account, wrong.resource), "", "Never applied", is_gone=True)
    raised = actions.object_to_own(
        by=wrong.by, account=wrong.account, resource=wrong.resource.pk, asked=asked
    )
    actions.accept(by=CIVIL, objection=raised.pk, value="", is_gone=True)
    assert actions.check_arrivals(by=WATCHER) == 0
    wrong.department.run(f"delete from households where person = '{ANN}'")
    gather(wrong.link)
    assert state(raised) == "recalling"


def test_who_is_given_it_after_the_decision_is_found_when_it_is_corrected(wrong: Case) -> None:
    raised = wrong.object()
    actions.accept(by=CIVIL, objection=raised.pk, value=RIGHT)
    look("land")
    look("tax")
    wrong.correct()
    assert state(raised) == "recalling"
    times = dict(Receiver.objects.values_list("department", "times"))
    assert times == {"land": 1, "tax": 2}
    written = Message.objects.filter(key__contains=":recall:").values_list("department", flat=True)
    assert sorted(written) == ["land", "tax"]


def test_receivers_that_are_late_are_chased_by_levels(wrong: Case) -> None:
    raised = wrong.object()
    actions.accept(by=CIVIL, objection=raised.pk, value=RIGHT)
    wrong.correct()
    for days in (6, 8, 20):
        with told(now() + timedelta(days=days)):
            cases.sweep_clocks(by=SWEEPER)
    chased = Message.objects.filter(key__startswith="cases.clock:", department="tax")
    assert {each.title["en"] for each in chased} == {
        "Confirmation: due soon",
        "Confirmation: overdue",
    }
    actions.confirm(by=TAX, objection=raised.pk, outcome="deleted")
    assert (
        code_of(lambda: actions.confirm(by=TAX, objection=raised.pk, outcome="corrected"))
        == "corrections.confirmed_already"
    )
    assert (state(raised), raised.end) == ("closed", "closed")


def test_a_value_that_nobody_was_given_closes_when_it_is_seen(wrong: Case) -> None:
    asked = Asked(token(wrong.account, wrong.resource, "since"), "2021-01-01", "A year later")
    raised = actions.object_to_own(
        by=wrong.by, account=wrong.account, resource=wrong.resource.pk, asked=asked
    )
    actions.accept(by=CIVIL, objection=raised.pk, value="2021-01-01")
    wrong.department.run("update households set since = '2021-01-01'")
    wrong.correct("90")
    assert (state(raised), raised.end) == ("closed", "closed")


def test_an_officer_sees_an_objection_only_if_their_department_has_to_do_with_it(
    wrong: Case,
) -> None:
    raised = wrong.object()
    for by in (TAX, LAND, REVIEWER):
        assert code_of(lambda by=by: actions.read(by=by, objection=raised.pk)) == (
            "corrections.objection.unknown"
        )
    _, part = actions.read(by=CIVIL, objection=raised.pk)
    assert part.sees_values
    actions.accept(by=CIVIL, objection=raised.pk, value=RIGHT)
    _, part = actions.read(by=TAX, objection=raised.pk)
    assert part.sees_values
    latest = access_record(bytes(raised.subject))[0]
    assert (latest.kind, latest.department) == ("corrections.value.viewed", "tax")
    assert latest.grant == queries.live_grants("tax").get().pk


def test_another_citizen_sees_nothing_of_it(wrong: Case) -> None:
    raised = wrong.object()
    other, _ = person(BOB)
    assert code_of(lambda: queries.own_objection(other, raised.pk)) == (
        "corrections.objection.unknown"
    )
    assert not queries.own_objections(other).exists()


def test_values_reasons_and_evidence_end_six_months_after_the_end(wrong: Case) -> None:
    asked = Asked(
        token(wrong.account, wrong.resource),
        RIGHT,
        "Misread",
        evidence=Evidence(PDF, "payslip.pdf", "application/pdf"),
    )
    raised = actions.object_to_own(
        by=wrong.by, account=wrong.account, resource=wrong.resource.pk, asked=asked
    )
    file, _ = actions.open_evidence(by=CIVIL, objection=raised.pk)
    assert file.name == "payslip.pdf"
    actions.reject(by=CIVIL, objection=raised.pk, reason="The register says 90.")
    actions.withdraw(by=wrong.by, objection=raised.pk)
    assert actions.forget_due(by=FORGETTER) == 0
    with told(now() + timedelta(days=190)):
        assert actions.forget_due(by=FORGETTER) == 1
    assert not ObjectionWords.objects.exists()
    assert not StoredFile.objects.exists()
    assert raised.verdicts.get().reason == ""
    bodies = " ".join(str(each) for each in Entry.objects.values_list("body", flat=True))
    assert ANN not in bodies
    assert "Misread" not in bodies


def test_a_grant_of_other_columns_gives_nothing(wrong: Case) -> None:
    grant(wrong.resource, "early", "person", "since")
    look("early")
    raised = wrong.object()
    actions.accept(by=CIVIL, objection=raised.pk, value=RIGHT)
    assert [each.department_id for each in Receiver.objects.all()] == ["tax"]


def test_whoever_represents_an_enterprise_objects_for_it(db: None, department: Database) -> None:
    firm_code = "00000077" + luhn.calc_check_digit("00000077")
    department.run(TABLE, row(firm_code, WRONG))
    resource = publish(department, scheme="luhn.enterprise")
    gather(gathering(resource))
    account, by = person()
    firm = register_enterprise(
        by=STEWARD, code=firm_code, name="Mill Lane Bakery", scheme="luhn.enterprise"
    )
    assert code_of(lambda: queries.own_of(account, str(firm.pk))) == "corrections.value.unknown"
    give_mandate(
        by=STEWARD,
        person=person_of(account),  # type: ignore[arg-type]
        enterprise=firm,
        scope=REPRESENTATIVE,
        until=now() + timedelta(days=30),
    )
    key = queries.own_of(account, str(firm.pk)).key
    cell = next(c for c in queries.rows_of(key, resource)[0] if c.column.name == "income")
    raised = actions.object_to_own(
        by=by,
        account=account,
        resource=resource.pk,
        enterprise=str(firm.pk),
        asked=Asked(cell.token, RIGHT, "The books say so"),
    )
    assert bytes(raised.subject) == bytes(subject_key(firm))
    assert queries.own_objection(account, raised.pk).pk == raised.pk


def test_a_city_has_its_own_limits() -> None:
    limits = Limits.of({"decide": 5, "confirm": 2, "authority": "data_office"})
    assert objection_type(limits).clocks["decide"].limit == 5
    assert recall_type(limits).clocks["confirm"].limit == 2
    for case_type in (objection_type(Limits()), recall_type(Limits())):
        assert faults_of(case_type) == []
    assert objection_type(Limits()).clocks["decide"].limit == 10


def test_what_the_authority_decided_its_provider_does_not_restate(wrong: Case) -> None:
    raised = wrong.object()
    actions.reject(by=CIVIL, objection=raised.pk, reason="The register says 90.")
    actions.appeal(by=wrong.by, objection=raised.pk, why="My payslip says 900.")
    actions.uphold(by=REVIEWER, objection=raised.pk, value=RIGHT, reason="The payslip is right.")
    refusal = code_of(
        lambda: actions.restate(by=CIVIL, objection=raised.pk, value="800", reason="Still ours.")
    )
    assert refusal == "corrections.authority_decided"
    assert raised.verdicts.order_by("-at").first().reason == "The payslip is right."


def test_a_row_that_should_not_be_there_has_not_gone_by_changing(wrong: Case) -> None:
    asked = Asked(token(wrong.account, wrong.resource), "", "Never applied", is_gone=True)
    raised = actions.object_to_own(
        by=wrong.by, account=wrong.account, resource=wrong.resource.pk, asked=asked
    )
    actions.accept(by=CIVIL, objection=raised.pk, value="", is_gone=True)
    wrong.correct("800")
    assert actions.check_arrivals(by=WATCHER) == 0
    assert state(raised) == "correcting"
