"""A system that is to be closed is not gathered anew; what the lake holds is still delivered."""

from __future__ import annotations

import pytest

from haihe.base.errors import HaiheError
from haihe.kernel.catalogue import actions as catalogue
from haihe.kernel.exchange.actions import run_link
from tests.exchange.builders import (
    PROVIDER,
    RECEIVER,
    TABLE,
    as_files,
    delivery,
    gathering,
    grant,
    publish,
    rows,
)
from tests.servers import Database

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("mode", ["file", "table"])
def test_what_was_granted_before_its_system_closes_is_delivered(
    department: Database, receiver: Database, mode: str
) -> None:
    department.run(TABLE, rows(1, 3))
    gathered = gathering(publish(department.address))
    run_link(by=PROVIDER, link=gathered)
    held = grant(gathered.resource, "person", "income", mode=mode)
    catalogue.register_system(
        by=PROVIDER,
        code="civil-db",
        department="civil",
        kind="postgresql",
        title={"en": "Civil register"},
        fate="close",
    )
    link = as_files(held)[0] if mode == "file" else delivery(held, receiver.address)
    assert run_link(by=RECEIVER, link=link).rows_written == 3
    with pytest.raises(HaiheError) as raised:
        gathering(gathered.resource)
    assert raised.value.code == "catalogue.system.closed"
