"""What was received is filed a moment later: whole, in order, once, killed at any moment."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haihe.base.actor import Actor
from haihe.base.clock import now, told
from haihe.base.errors import HaiheError, NotPermitted
from haihe.kernel.cases import queries
from haihe.kernel.cases.models import Case, Clock, Item
from haihe.kernel.ledger.models import Entry
from haihe.kernel.org.models import Account
from haihe.kernel.org.queries import actor_of
from haihe.systems.snap import actions, jobs
from haihe.systems.snap.actions import Sent, Taken
from haihe.systems.snap.actions.limits import Source
from haihe.systems.snap.models import Receipt, SnapPhoto, SnapReport, Tally
from haihe.systems.snap.queries import inside, keyed
from tests.desk.builders import picture
from tests.pages.grids import gridded

VISITOR = Actor("visitor", "visitor")
WARDS = ("D01W01", "D01W02", "D02W01", "D03W03")
CATEGORIES = ("public", "noise", "look")
SEED, REPORTS, KILLS = 20261127, 150, 6


@pytest.fixture
def here(city: None) -> None:
    """Riverton with its grids."""
    gridded()


def sent(ward: str = "D01W01", **changes: Any) -> Sent:
    values = {
        "draft": uuid4(),
        "point": inside(ward),
        "category": "public",
        "text": "The lamp is out",
    }
    return Sent(**{**values, **changes})


def receive(by: Actor = VISITOR, *, token: str = "", photos: int = 0, **changes: Any) -> Any:
    taken = [Taken(picture().read(), "image/jpeg")] * photos
    token = token or ("" if by.kind == "citizen" else uuid4().hex)
    return actions.receive_report(by=by, sent=sent(**changes), taken=taken, token=token)


def file_all() -> int:
    return actions.file_received(by=jobs.FILER)


def shape(report: SnapReport) -> Any:
    """A report and its case without what is each one's own."""
    case = report.case
    standing, [first] = queries.standing(case), queries.history(case)
    clocks = {key.split(":")[0]: clock for key, clock in standing["clocks"].items()}
    event = (first.event.action, first.event.at, first.event.start, first.event.to)
    remark = {**first.remark, "photos": len(first.remark.get("photos", []))}
    shown = (case.title, case.grid, case.place_id, case.lon, case.category, case.source)
    whose = (case.opened_by == first.event.by, case.subject and bytes(case.subject))
    own = (report.is_anonymous, report.account_id, report.photos.count(), case.opened_at)
    return {**standing, "clocks": clocks}, event, remark, shown, whose, own


REPORT = st.fixed_dictionaries(
    {
        "ward": st.sampled_from(WARDS),
        "category": st.sampled_from(CATEGORIES),
        "text": st.sampled_from(("", "灯坏了\t\\N\n第二行", "%s " * 30)),
        "address": st.sampled_from(("", "Mill Lane 4")),
        "photos": st.integers(0, 2),
        "second": st.integers(0, 2),
    }
).filter(lambda each: each["text"] or each["photos"])


@pytest.mark.django_db
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(drawn=st.lists(REPORT, min_size=1, max_size=5), is_named=st.booleans())
def test_what_is_filed_together_is_like_what_is_filed_alone(
    here: None, citizen: Account, drawn: list[dict[str, Any]], is_named: bool
) -> None:
    by = actor_of(citizen) if is_named else VISITOR
    Tally.objects.all().delete()  # one account sends for all examples
    begun = now().replace(microsecond=0)
    pairs = []
    for each in drawn:
        words = {name: each[name] for name in ("ward", "category", "text", "address")}
        with told(begun + timedelta(seconds=each["second"])):
            receipt = receive(by, photos=each["photos"], **words)
            photos = [
                actions.keep_photo(
                    by=by, content=picture().read(), media_type="image/jpeg", source=Source()
                ).pk
                for _ in range(each["photos"])
            ]
            token = "" if is_named else uuid4().hex
            whole = sent(**words, photos=tuple(photos))
            pairs.append((receipt.draft, actions.file_report(by=by, sent=whole, token=token)))
    with told(begun + timedelta(hours=1)):  # the worker stood still meanwhile
        assert file_all() == len(drawn)
    for draft, alone in pairs:
        together = SnapReport.objects.get(draft=draft)
        assert shape(together) == shape(SnapReport.objects.get(pk=alone.pk))
        assert queries.replay(together.case) == queries.standing(together.case)
        body = {"body__case": str(together.pk)}
        entries = Entry.objects.filter(**body)
        kinds = sorted(entries.values_list("kind", flat=True))
        assert kinds == ["cases.case.opened", "snap.report.filed"]
        assert {each.actor for each in entries} == {together.case.opened_by}


@pytest.mark.django_db
def test_the_entry_of_a_report_is_there_before_the_answer_and_names_it(
    here: None, citizen: Account
) -> None:
    receipt = receive(actor_of(citizen), photos=2)
    entry = Entry.objects.get(kind="snap.report.received")
    assert entry.body == {"draft": str(receipt.draft), "photos": 2, "has_phone": False}
    assert entry.subject is not None
    assert Entry.objects.filter(kind="files.stored").count() == 2
    assert not Case.objects.exists()
    file_all()
    assert Entry.objects.get(kind="snap.report.filed").body["draft"] == str(receipt.draft)


@pytest.mark.django_db
def test_they_are_filed_in_the_order_in_which_they_came(here: None) -> None:
    drafts = [receive(ward=WARDS[number % 4]).draft for number in range(8)]
    file_all()
    filed = SnapReport.objects.order_by("made_at").values_list("draft", flat=True)
    assert list(filed) == drafts


@pytest.mark.django_db
def test_one_that_cannot_be_filed_holds_up_no_other_and_is_filed_when_it_can_be(here: None) -> None:
    bad, good = receive(category="noise"), receive()
    Item.objects.filter(pk="noise").update(is_ended=True)
    assert file_all() == 1
    assert SnapReport.objects.get().draft == good.draft
    bad.refresh_from_db()
    assert bad.fault == "cases.item.unknown"
    assert file_all() == 0
    Item.objects.filter(pk="noise").update(is_ended=False)
    with told(now() + timedelta(minutes=2)):
        assert file_all() == 1
    assert SnapReport.objects.filter(draft=bad.draft).exists()


@pytest.mark.django_db
def test_six_photos_count_as_six_and_beyond_the_limit_nothing_is_kept(here: None) -> None:
    source = Source(device="phone-1", address="192.0.2.1")
    for _ in range(6):
        receive(photos=6, source=source)
    with pytest.raises(HaiheError) as refused:
        receive(source=source)
    assert refused.value.code == "snap.too_many"
    assert Receipt.objects.count() == 6
    for _ in range(14):
        receive(photos=6, source=Source(address="192.0.2.1"))
    before = SnapPhoto.objects.count()
    with told(now() + timedelta(minutes=30)):
        for _ in range(30):
            receive(photos=6, source=Source(address="192.0.2.1"))
        with pytest.raises(HaiheError) as refused:
            receive(photos=6, source=Source(address="192.0.2.1"))
    assert refused.value.code == "snap.too_many"
    assert SnapPhoto.objects.count() == before + 180


@pytest.mark.django_db
def test_photos_of_a_receipt_outlast_those_that_were_never_sent(here: None) -> None:
    receive(photos=1)
    actions.keep_photo(
        by=VISITOR, content=picture().read(), media_type="image/jpeg", source=Source()
    )
    with told(now() + timedelta(days=2)):
        jobs.forget_due()
        assert SnapPhoto.objects.count() == 1
        file_all()
    assert SnapPhoto.objects.get().report == SnapReport.objects.get()


@pytest.mark.django_db
def test_a_receipt_is_seen_by_its_sender_alone_and_goes_when_its_report_is_filed(
    here: None,
) -> None:
    receipt = receive(token="t1")
    with pytest.raises(HaiheError) as refused:
        actions.look_up(
            by=Actor("officer", "1", permissions=frozenset({"cases.open"})),
            number=receipt.number,
            purpose="snap.progress",
        )
    assert refused.value.code == "snap.number.too_early"
    assert bytes(receipt.token_hash) == keyed("token", "t1")
    file_all()
    assert actions.forget_receipts(by=jobs.FILER) == 0
    with told(now() + timedelta(minutes=2)):
        assert actions.forget_receipts(by=jobs.FILER) == 1
    assert not Receipt.objects.exists()
    again = actions.receive_report(by=VISITOR, sent=sent(draft=receipt.draft), token="t1")
    assert again.number == receipt.number
    assert not Receipt.objects.exists()


@pytest.mark.django_db
def test_nobody_files_without_the_permission(here: None) -> None:
    receive()
    with pytest.raises(NotPermitted):
        actions.file_received(by=VISITOR)
    with pytest.raises(NotPermitted):
        actions.forget_receipts(by=VISITOR)


@pytest.mark.django_db(transaction=True)
def test_filing_that_is_killed_again_and_again_loses_none_and_doubles_none(here: None) -> None:
    drafts = [
        receive(ward=WARDS[n % 4], category=CATEGORIES[n % 3], photos=n % 2).draft
        for n in range(REPORTS)
    ]
    filed, draw = [0], random.Random(SEED)  # noqa: S311 - when to kill is no secret
    for _ in range(KILLS):
        _file_until(filed[-1] + draw.randint(4, 15))
        filed.append(SnapReport.objects.count())
    sys.stdout.write(f"seed {SEED}: filed when killed {filed[1:]} of {REPORTS}\n")
    assert filed[-1] < REPORTS, "every kill came after the work was done"
    while file_all():
        pass
    assert sorted(SnapReport.objects.values_list("draft", flat=True)) == sorted(drafts)
    assert Case.objects.count() == REPORTS
    assert Clock.objects.filter(name="verify").count() == REPORTS
    assert Entry.objects.filter(kind="snap.report.filed").count() == REPORTS
    assert Entry.objects.filter(kind="cases.case.opened").count() == REPORTS
    assert not SnapPhoto.objects.filter(report=None).exists()
    assert not Receipt.objects.filter(filed_at=None).exists()


def _file_until(count: int) -> None:
    """Let a process file until so many are filed, and kill it in its next turn."""
    command = [
        sys.executable,
        "-m",
        "tests.snap.filing_in_steps",
        str(connection.settings_dict["NAME"]),
    ]
    filer = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert filer.stdout is not None
        assert filer.stdout.readline() == b"ready\n"
        until = time.monotonic() + 60
        while SnapReport.objects.count() < count:
            assert time.monotonic() < until, "filing does not go on"
            time.sleep(0.003)
    finally:
        filer.kill()
        filer.wait()
        filer.stdout.close()
