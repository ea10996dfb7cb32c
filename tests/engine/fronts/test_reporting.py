"""What a delivery changed goes upward as numbered batches; quotas hold across processes."""

from __future__ import annotations

import multiprocessing
from datetime import date
from decimal import Decimal

import pytest

from haihe.engine.fronts import FrontTable, Interface, Quota, QuotaSpent, report_changes
from haihe.engine.fronts.errors import CallRefused, FrontDown
from tests.servers import Database
from tests.standins.national import National

DAY = date(2026, 11, 27)


def sent(national: National, table: FrontTable, batch: int) -> list[tuple[object, ...]]:
    return national.ask(
        f'select number, name, amount, cd_source, cd_operation from up."{table.table}"'
        f" where cd_batch = {batch} order by cd_id"
    )


def deliver(national: National, table: FrontTable, *rows: str) -> None:
    """Let the table lie there as a delivery leaves it."""
    national.ask(f'delete from up."{table.table}_now"')
    for row in rows:
        national.ask(f'insert into up."{table.table}_now" values {row}')


def test_changes_go_upward_as_batches_and_deletions_bear_the_key_alone(
    national: National, table: FrontTable
) -> None:
    assert report_changes(national.front, table, source="RV") is None
    deliver(national, table, "('1', '甲', 1.5)", "('2', '乙', 2)")
    assert report_changes(national.front, table, source="RV") == (1, 2)
    assert sent(national, table, 1) == [
        ("1", "甲", Decimal("1.5"), "RV", "I"),
        ("2", "乙", Decimal(2), "RV", "I"),
    ]
    deliver(national, table, "('1', '甲二', 1.5)", "('3', null, null)")
    assert report_changes(national.front, table, source="RV") == (2, 3)
    assert sent(national, table, 2) == [
        ("1", "甲二", Decimal("1.5"), "RV", "U"),
        ("2", None, None, "RV", "D"),
        ("3", None, None, "RV", "I"),
    ]
    assert report_changes(national.front, table, source="RV") is None
    listed = national.get(f"/control/reported/{table.table}")["batches"]
    assert listed == [["1", "RV", "2"], ["2", "RV", "3"]]


def test_what_the_end_of_a_grant_removed_is_reported_as_deleted(
    national: National, table: FrontTable
) -> None:
    report_changes(national.front, table, source="RV")
    deliver(national, table, "('1', '甲', 1.5)")
    report_changes(national.front, table, source="RV")
    deliver(national, table)
    assert report_changes(national.front, table, source="RV") == (2, 1)
    assert sent(national, table, 2) == [("1", None, None, "RV", "D")]


def _spend(quota: Quota, tries: int, found: multiprocessing.Queue[int]) -> None:
    made = 0
    for _ in range(tries):
        try:
            quota.spend(DAY)
        except QuotaSpent:
            continue
        made += 1
    found.put(made)


@pytest.mark.timeout(120)
def test_two_processes_spend_a_quota_exactly(landing: Database) -> None:
    quota = Quota(landing.address, "test.ask", 50)
    quota.prepare()
    spawn = multiprocessing.get_context("spawn")
    found: multiprocessing.Queue[int] = spawn.Queue()
    both = [spawn.Process(target=_spend, args=(quota, 40, found)) for _ in (1, 2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert found.get() + found.get() == 50
    assert landing.ask("select calls from national.cd_calls") == [(50,)]


def test_a_call_beyond_the_quota_never_reaches_the_ministry(
    national: National, landing: Database
) -> None:
    application = {"key": "made-up key", "approval": "SAMPLE-1", "quota": 10}
    national.post("/control/applications", application)
    quota = Quota(landing.address, "test.ask", 2)
    quota.prepare()
    interface = Interface(f"{national.url}/ask", "SAMPLE-1", quota, "made-up key")
    before = national.get("/control/calls")["calls"]
    for number in ("1", "2"):
        assert interface.call("person", {"number": number}, day=DAY)["asked"] == {"number": number}
    with pytest.raises(QuotaSpent):
        interface.call("person", {"number": "3"}, day=DAY)
    assert national.get("/control/calls")["calls"] == before + 2
    assert interface.call("person", {"number": "3"}, day=date(2026, 11, 28))["found"] is True


def test_the_ministry_may_say_sooner_that_its_quota_is_spent(
    national: National, landing: Database
) -> None:
    national.post("/control/applications", {"key": "few", "approval": "SAMPLE-2", "quota": 1})
    quota = Quota(landing.address, "test.few", 5)
    quota.prepare()
    interface = Interface(f"{national.url}/ask", "SAMPLE-2", quota, "few")
    interface.call("person", {}, day=DAY)
    with pytest.raises(QuotaSpent, match="The ministry says"):
        interface.call("person", {}, day=DAY)


def test_a_key_without_its_approval_number_is_refused_and_said_nowhere(
    national: National, landing: Database
) -> None:
    quota = Quota(landing.address, "test.wrong", 5)
    quota.prepare()
    interface = Interface(f"{national.url}/ask", "SAMPLE-9", quota, "a wrong key")
    with pytest.raises(CallRefused, match="401") as caught:
        interface.call("person", {}, day=DAY)
    assert "a wrong key" not in f"{caught.value} {interface!r}"


def test_an_interface_that_does_not_answer_is_said(landing: Database) -> None:
    quota = Quota(landing.address, "test.down", 5)
    quota.prepare()
    with pytest.raises(FrontDown):
        Interface("http://127.0.0.1:9", "SAMPLE-1", quota, "k").call("person", {}, day=DAY)
