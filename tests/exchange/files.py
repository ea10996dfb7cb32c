"""Builders of delivery as files: a grant of odd rows, a download, a refusal's code."""

from __future__ import annotations

import pytest

from haihe.base.errors import HaiheError
from haihe.kernel.catalogue.models import Grant
from haihe.kernel.exchange import actions
from haihe.kernel.exchange.actions import run_link
from haihe.kernel.exchange.models import Batch
from tests.exchange.builders import (
    PROVIDER,
    RECEIVER,
    TABLE,
    gathering,
    grant,
    number,
    publish,
    rows,
)
from tests.servers import Database

ODD = (
    "insert into households values"
    f" ('{number(900_001)}', null, null, null, null),"
    f" ('{number(900_002)}', '', 0, '0001-01-01', '9999-12-31 23:59:59.999999'),"
    f" ('{number(900_003)}', E'comma, \"quote\"\\r\\nline', -1.05, '2020-02-29', null),"
    f" ('{number(900_004)}', '𠮷野家㐀龘', 99.90, null, '2021-01-01 00:00+00')"
)
ALL = ("person", "name", "income", "since", "changed")


def held(department: Database, *columns: str, last: int = 90) -> Grant:
    """A grant as files of gathered households, odd ones among them."""
    department.run(TABLE, rows(1, last), ODD)
    link = gathering(publish(department.address))
    run_link(by=PROVIDER, link=link)
    return grant(link.resource, *(columns or ALL), mode="file")


def refusal(call: object, /, **given: object) -> str:
    """The code of the error that a call raises."""
    with pytest.raises(HaiheError) as raised:
        call(**given)  # type: ignore[operator]
    return raised.value.code


def fetch(batch: Batch, name: str = "manifest.json", **changes: object) -> bytes:
    """The bytes of one download."""
    given = {"by": RECEIVER, "purpose": "housing.fund", **changes}
    return b"".join(actions.download(batch=batch, name=name, **given).content)  # type: ignore[arg-type]
