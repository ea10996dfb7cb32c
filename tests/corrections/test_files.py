"""Recall reaches files too: whoever was delivered the wrong row in one is told and confirms."""

from __future__ import annotations

from haihe.engine.age import new_identity
from haihe.kernel.exchange import actions as exchange
from haihe.kernel.exchange.models import Link
from haihe.kernel.messages.models import Message
from haihe.systems.corrections import actions, queries
from haihe.systems.corrections.models import Objection, Receiver
from haihe.systems.corrections.queries import showing
from tests.corrections.builders import CIVIL, HOUSING, RIGHT, Case, grant
from tests.corrections.test_objections import code_of


def in_files(wrong: Case, *columns: str) -> Link:
    """The housing department gets the households as encrypted files."""
    exchange.register_key(by=HOUSING, public=new_identity().recipient.text)
    held = grant(wrong.resource, "housing", *columns, mode="file")
    return exchange.make_file_delivery(by=HOUSING, code="housing.files", grant=held)


def test_who_was_delivered_the_wrong_row_in_files_is_told_and_must_confirm(wrong: Case) -> None:
    link = in_files(wrong)
    exchange.run_link(by=HOUSING, link=link)
    raised = wrong.object()
    actions.accept(by=CIVIL, objection=raised.pk, value=RIGHT)
    told = Receiver.objects.get(department="housing")
    assert (told.ways, told.times) == (["exchange.export.made"], 1)
    assert showing.receiver_lines([told])[0].ways[0][1] == "In encrypted files"
    assert Message.objects.filter(department="housing", key__contains=str(raised.pk)).exists()
    assert (
        code_of(lambda: actions.confirm(by=HOUSING, objection=raised.pk, outcome="deleted"))
        == "corrections.not_seen_yet"
    )
    wrong.correct()
    actions.confirm(by=HOUSING, objection=raised.pk, outcome="deleted")
    assert Objection.objects.get().ended_at is None  # the tax department has not confirmed
    told.refresh_from_db()
    assert (told.outcome, told.confirmed_at is not None) == ("deleted", True)


def test_who_was_delivered_the_corrected_row_alone_is_not_recalled(wrong: Case) -> None:
    link = in_files(wrong)
    raised = wrong.object()
    actions.accept(by=CIVIL, objection=raised.pk, value=RIGHT)
    wrong.correct()
    exchange.run_link(by=HOUSING, link=link)
    assert [each.department for each in queries.given(raised)] == ["tax"]


def test_files_without_the_column_recall_nobody(wrong: Case) -> None:
    exchange.run_link(by=HOUSING, link=in_files(wrong, "person", "since"))
    raised = wrong.object()
    actions.accept(by=CIVIL, objection=raised.pk, value=RIGHT)
    assert not Receiver.objects.filter(department="housing").exists()
