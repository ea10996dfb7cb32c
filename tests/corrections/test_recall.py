"""Through the real exchange: wrong in a department's database, corrected there, recalled."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from haihe.base.settings import settings
from haihe.kernel.exchange import actions as exchange
from haihe.kernel.exchange.models import Batch
from haihe.kernel.ledger.models import Entry
from haihe.kernel.ledger.queries import access_record
from haihe.kernel.messages.models import Message
from haihe.kernel.services import actions as services
from haihe.systems.corrections import actions
from haihe.systems.corrections.errors import NotAReceiver, NotSeenYet
from haihe.systems.corrections.models import Objection
from tests.corrections.builders import (
    ANN,
    AUTHORITY,
    BOB,
    CIVIL,
    HOUSING,
    LAND,
    PURPOSE,
    STEWARD,
    TABLE,
    TAX,
    delivery,
    gather,
    gathering,
    grant,
    look,
    objection,
    person,
    publish,
    row,
)
from tests.servers import Database
from tests.services.running import Served

CALL = "/r1/RV/GOV/civil/civil-db/households"


def call(served: Served, key: str, who: str) -> float:
    """The tax department's system calls; the income that it was given."""
    status, _, body = served.call(
        who, key=key, path=CALL, client="RV/GOV/tax/tax-app", purpose=PURPOSE
    )
    assert status == 200, body
    return float(body["rows"][0]["income"])


def test_a_wrong_value_is_corrected_at_its_source_and_recalled_from_exactly_who_was_given_it(
    own_database: str, department: Database, receiver: Database, tmp_path: Path
) -> None:
    department.run(TABLE, row(ANN, "900"), row(BOB, "500"))
    resource = publish(department)
    link = gathering(resource)
    gather(link)
    for code in ("tax", "land", "early"):
        grant(resource, code)
    grant(resource, AUTHORITY, "person", "since")
    sent = delivery(grant(resource, "housing", mode="table"), receiver)
    key = services.make_caller(by=STEWARD, department="tax", subsystem="tax-app")
    served = Served(own_database, str(settings().data), str(tmp_path / "calls.log"))
    served.start()
    try:
        look("early")  # while the value was right
        department.run(row(ANN, "90"))
        gather(link)
        assert call(served, key, ANN) == 90
        look("land", BOB)  # somebody else's row
        look(AUTHORITY)  # another column alone
        exchange.run_link(by=HOUSING, link=sent)
        account, by = person()
        raised = objection(account, by, resource, value="900")
        actions.accept(by=CIVIL, objection=raised.pk, value="900")
        assert _receivers(raised) == {"tax", "housing"}
        with pytest.raises(NotSeenYet):
            actions.confirm(by=TAX, objection=raised.pk, outcome="corrected")
        gather(link)  # the provider has not corrected yet
        raised.refresh_from_db()
        assert raised.seen_at is None

        department.run(row(ANN, "900"))
        gather(link)
        raised.refresh_from_db()
        batch = Batch.objects.filter(link=link).order_by("-started_at").first()
        assert batch is not None
        assert raised.seen_batch == batch.pk
        time.sleep(1.1)  # a call's entry may stand a moment after it read
        look("land")  # the right value: nothing to recall
        exchange.run_link(by=HOUSING, link=sent)
    finally:
        served.stop()
    _all_confirm(raised)
    assert receiver.ask(f"select income from households where person = '{ANN}'")[0][0] == 900
    told = Message.objects.filter(key__contains=":recall:").values_list("department", flat=True)
    assert sorted(told) == ["housing", "tax"]
    kinds = [each.kind for each in access_record(bytes(raised.subject))]
    assert kinds.count("corrections.recall.confirmed") == 2
    assert "corrections.objection.arrived" in kinds
    bodies = [str(each) for each in Entry.objects.values_list("body", flat=True)]
    said = re.compile(rf"\b({ANN}|900(\.0+)?)\b")  # hashes and ids hold any three digits
    assert not [each for each in bodies if said.search(each)]


def _all_confirm(raised: Objection) -> None:
    """Whoever was given nothing wrong confirms nothing; it closes with the last of the two."""
    with pytest.raises(NotAReceiver):
        actions.confirm(by=LAND, objection=raised.pk, outcome="corrected")
    actions.confirm(by=TAX, objection=raised.pk, outcome="not_kept")
    raised.refresh_from_db()
    assert raised.end == ""
    actions.confirm(by=HOUSING, objection=raised.pk, outcome="corrected")
    raised.refresh_from_db()
    assert (raised.end, _receivers(raised)) == ("closed", {"tax", "housing"})


def _receivers(raised: Objection) -> set[str]:
    return set(raised.receivers.values_list("department", flat=True))
