"""Messages: sent once, with consent and limits; a gateway that fails loses none."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection, transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import NotPermitted
from haihe.kernel.ledger.models import Entry
from haihe.kernel.messages import actions, internals, queries
from haihe.kernel.messages.actions.sending import wait_after
from haihe.kernel.messages.declare import Limits
from haihe.kernel.messages.errors import BadContact, NoReceiver, NoTransaction, NotYours
from haihe.kernel.messages.gateways import Envelope, MailGateway
from haihe.kernel.messages.models import ContactAddress, Message
from haihe.kernel.org.models import Account
from haihe.kernel.people import actions as people
from tests.messages.conftest import GatewayProcess
from tests.org import builders
from tests.people.test_subjects import PERSON, citizen, clerk, number

pytestmark = pytest.mark.django_db

PHONE = "+8613900001234"
TEXT = {"zh": "您好", "en": "Hello"}


def receiver(phone: str = PHONE) -> Account:
    account = builders.account()
    actions.set_address(by=citizen(account), account=account, channel="sms", address=phone)
    return account


def write(to: Account, key: str = "k1", **given) -> Message:  # type: ignore[no-untyped-def]
    with transaction.atomic():
        return actions.write(key=key, to=to, title=TEXT, text=TEXT, **{"channel": "sms"} | given)


def due() -> None:
    Message.objects.update(next_try_at=now())


def state(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.state, message.reason


def test_an_in_app_message_stands_at_once_and_is_read_once() -> None:
    account = builders.account()
    message = write(account, channel="in_app", url="/portal/")
    assert list(queries.inbox_of(account)) == [message]
    assert queries.unread(account) == 1
    with pytest.raises(NotYours):
        actions.mark_read(by=citizen(builders.account()), message=message)
    actions.mark_read(by=citizen(account), message=message)
    assert queries.unread(account) == 0


def test_a_message_needs_the_transaction_of_what_it_tells_of() -> None:
    account = builders.account()
    with transaction.atomic():
        actions.write(key="k", to=account, title=TEXT, text=TEXT)
        transaction.set_rollback(True)
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_written() -> None:
    account = builders.account()
    with pytest.raises(NoTransaction):
        actions.write(key="k", to=account, title=TEXT, text=TEXT)


def test_the_same_key_is_the_same_message() -> None:
    account = builders.account()
    first = write(account)
    assert write(account) == first
    assert Message.objects.count() == 1


def test_a_department_has_messages_in_the_app_alone() -> None:
    home = builders.department()
    with pytest.raises(NoReceiver):
        write(home)
    message = write(home, channel="in_app")
    assert list(queries.inbox_of_department(home)) == [message]
    actions.mark_read(by=Actor("officer", "0", department=home.code), message=message)


def test_a_message_reaches_the_gateway_in_the_receivers_language(gateway: GatewayProcess) -> None:
    account = receiver()
    message = write(account)
    assert actions.send_waiting() == 1
    [taken] = gateway.taken()
    assert (taken["to"], taken["text"], taken["key"]) == (PHONE, "您好", "k1")
    assert state(message) == ("sent", "")
    assert actions.send_waiting() == 0
    entry = Entry.objects.get(kind="messages.sent")
    assert PHONE not in str(entry.body)


def test_a_failed_gateway_loses_none(gateway: GatewayProcess) -> None:
    account = receiver()
    messages = [write(account, f"k{n}", urgent=True) for n in range(4)]
    gateway.fail(503, 429)
    assert actions.send_waiting() == 0
    due()
    assert actions.send_waiting() == 0
    due()
    gateway.kill()
    assert actions.send_waiting() == 0
    assert {state(each) for each in messages} <= {
        ("waiting", "messages.gateway.down"),
        ("waiting", ""),
    }
    gateway.start()
    due()
    assert actions.send_waiting() == 4
    assert sorted(each["key"] for each in gateway.taken()) == ["k0", "k1", "k2", "k3"]


def test_a_gateway_that_is_down_is_tried_once_a_run(gateway: GatewayProcess) -> None:
    account = receiver()
    for n in range(3):
        write(account, f"k{n}", urgent=True)
    gateway.fail(500)
    actions.send_waiting()
    assert gateway.ask("/messages")["tries"] == 1


def test_waits_double_up_to_an_hour() -> None:
    waits = [wait_after(tries).total_seconds() for tries in (0, 1, 2, 6, 7, 1000)]
    assert waits == [30, 60, 120, 1920, 3600, 3600]


def test_a_refusal_is_final_until_an_officer_sends_again(gateway: GatewayProcess) -> None:
    message = write(receiver("+8613900000000"))
    actions.send_waiting()
    assert state(message) == ("failed", "messages.gateway.refused")
    assert Entry.objects.filter(kind="messages.failed").count() == 1
    with pytest.raises(NotPermitted):
        actions.retry(by=Actor("officer", "0"), message=message)
    by = Actor("officer", "0", permissions=frozenset({"messages.retry"}))
    actions.retry(by=by, message=message)
    assert state(message)[0] == "waiting"


def test_a_worker_killed_after_the_gateways_answer_doubles_nothing(gateway: GatewayProcess) -> None:
    message = write(receiver())
    with transaction.atomic():
        actions.send_waiting()
        transaction.set_rollback(True)  # the commit never comes
    assert state(message)[0] == "waiting"
    actions.send_waiting()
    assert len(gateway.taken()) == 1
    assert gateway.ask("/messages")["tries"] == 2


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_time_send_each_message_once(gateway: GatewayProcess) -> None:
    account = receiver()
    for n in range(20):
        write(account, f"k{n}", urgent=True)
    barrier = threading.Barrier(4)
    sent = []

    def work() -> None:
        barrier.wait()
        sent.append(actions.send_waiting())
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == 20
    assert gateway.ask("/messages")["tries"] == 20


def test_a_push_needs_consent_when_it_goes(gateway: GatewayProcess) -> None:
    account = receiver()
    person = people.register_person(
        by=clerk(), number=number(), name="A", scheme=PERSON, account=account
    )
    without = write(account, "k1", purpose="push")
    actions.send_waiting()
    assert state(without) == ("withheld", "messages.consent.none")
    people.give_consent(by=citizen(account), person=person, purpose="push", text="Yes.")
    wanted = write(account, "k2", purpose="push")
    withdrawn = write(account, "k3", purpose="push")
    actions.send_waiting(most=1)
    people.withdraw_consent(by=citizen(account), person=person, purpose="push")
    actions.send_waiting()
    assert state(wanted) == ("sent", "")
    assert state(withdrawn) == ("withheld", "messages.consent.none")
    hidden = write(account, "k4", purpose="push", channel="in_app")
    assert hidden.state == "withheld"


def test_no_more_than_a_days_worth_and_none_lost(gateway: GatewayProcess) -> None:
    account = receiver()
    for n in range(7):
        write(account, f"k{n}")
    assert actions.send_waiting() == 5
    assert queries.states() == {"sent": 5, "waiting": 2}
    write(account, "urgent", urgent=True)
    assert actions.send_waiting() == 1
    Message.objects.filter(state="sent").update(sent_at=now() - timedelta(days=1))
    due()
    assert actions.send_waiting() == 2


def test_quiet_hours_pass_midnight() -> None:
    limits = Limits()
    assert [limits.is_quiet(time(hour)) for hour in (20, 21, 23, 0, 7, 8)] == [
        False, True, True, True, True, False,
    ]  # fmt: skip
    assert not Limits(quiet_from=time(0), quiet_until=time(0)).is_quiet(time(0))


@pytest.mark.parametrize(
    ("hour_utc", "goes"),
    [(14, "2026-05-02T00:00"), (23, "2026-05-02T00:00"), (4, "2026-05-01T04:00")],
)
def test_what_is_not_urgent_waits_for_the_morning(settings, hour_utc: int, goes: str) -> None:  # type: ignore[no-untyped-def]
    settings.CITY = settings.CITY | {"messages": {}, "time_zone": "Asia/Shanghai"}
    message = write(receiver())
    moment = datetime(2026, 5, 1, hour_utc, tzinfo=UTC)
    at = internals.may_go_at(message, moment=moment)
    assert at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M") == goes
    message.is_urgent = True
    assert internals.may_go_at(message, moment=moment) == moment


def test_without_address_or_gateway_a_message_is_withheld_with_the_reason(
    gateway: GatewayProcess,
) -> None:
    message, other = write(builders.account()), write(builders.account(), "k2", channel="mail")
    actions.send_waiting()
    assert state(message) == ("withheld", "messages.address.none")
    assert state(other) == ("withheld", "messages.gateway.none")


@pytest.mark.parametrize(
    ("channel", "wrong"),
    [("sms", "abc"), ("sms", "123"), ("mail", "nobody"), ("mail", "a@b.c\nBcc: x@y.zz"),
     ("wechat", "<>"), ("in_app", "x")],
)  # fmt: skip
def test_an_address_that_does_not_fit_is_refused(channel: str, wrong: str) -> None:
    account = builders.account()
    with pytest.raises(BadContact):
        actions.set_address(by=citizen(account), account=account, channel=channel, address=wrong)


def test_addresses_are_sealed_and_ones_own() -> None:
    account = receiver()
    assert PHONE.encode() not in bytes(ContactAddress.objects.get().sealed)
    with pytest.raises(NotYours):
        actions.set_address(
            by=citizen(builders.account()), account=account, channel="sms", address=PHONE
        )
    assert queries.channels_of(account) == ["sms"]
    actions.remove_address(by=citizen(account), account=account, channel="sms")
    assert queries.channels_of(account) == []


def test_a_mail_server_that_is_not_there_is_down_not_lost() -> None:
    envelope = Envelope("k", "mail", "a@example.org", "t", "x", "")
    with pytest.raises(Exception, match="gateway") as fault:
        MailGateway("smtp://127.0.0.1:9").send(envelope)
    assert fault.value.code == "messages.gateway.down"


def test_old_messages_are_forgotten_but_none_that_waits() -> None:
    account = receiver()
    write(account, "old", channel="in_app")
    write(account, "waiting")
    Message.objects.update(made_at=now() - timedelta(days=500))
    assert actions.forget_old() == 1
    assert Message.objects.get().key == "waiting"
