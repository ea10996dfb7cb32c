"""Interfaces over HTTP, read from a server that is a process of its own."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from haihe.base.errors import HaiheError
from haihe.engine.moving import ColumnRule
from haihe.engine.sources import open_source
from haihe.project.bench.mariadb import free_port
from tests.engine.sources import interface
from tests.engine.sources.builders import judged

COLUMNS = (
    ColumnRule("id", "integer", is_key=True),
    ColumnRule("name", "text"),
    ColumnRule("amount", "decimal(18,2)"),
    ColumnRule("at", "timestamp"),
)
WAYS = {
    "page": "paging=page&total=total",
    "offset": "paging=offset",
    "cursor": "paging=cursor",
    "link": "paging=link",
    "csv": "paging=offset",
    "busy": "paging=offset",
}


@pytest.fixture
def port() -> Iterator[int]:
    """A server of its own; the port on which it answers."""
    number = free_port()
    process = subprocess.Popen([sys.executable, interface.__file__, str(number)])
    try:
        ends = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", number), timeout=1).close()
                break
            except OSError:
                assert time.monotonic() < ends
                time.sleep(0.05)
        yield number
    finally:
        process.kill()
        process.wait()


def address(port: int, way: str, options: str, *, key: str = interface.KEY) -> str:
    """An address of the interface, with its options and a key in a header."""
    records = "" if way == "csv" else "&records=data.items"
    return f"http://127.0.0.1:{port}/{way}#{options}{records}&size=50&key_header=X-Key&key={key}"


def code_of(address: str, folder: Path) -> str:
    """The code by which a read ends; nothing of it is kept."""
    with pytest.raises(HaiheError) as raised:
        judged(open_source(address), ".", folder, columns=COLUMNS)
    assert interface.KEY not in str(raised.value)
    return raised.value.code


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_paging_gives_all_rows_once(way: str, port: int, tmp_path: Path) -> None:
    source = open_source(address(port, way, WAYS[way]))
    shown = "id, name, amount::varchar"
    found = judged(source, ".", tmp_path, columns=COLUMNS, shown=shown)
    assert found.reasons == []
    assert found.is_whole
    assert found.good == [(r["id"], r["name"], r["amount"]) for r in interface.ROWS]


def test_columns_and_check_are_told_from_the_first_page(port: int) -> None:
    source = open_source(address(port, "page", WAYS["page"]))
    assert [(c.name, c.kind) for c in source.columns(".")] == [
        ("id", "integer"),
        ("name", "text"),
        ("amount", "decimal(38,10)"),
        ("at", "timestamp"),
    ]
    assert source.sample(".", rows=1)[0]["amount"] == "1.50"
    assert source.check().is_read_only is None


@pytest.mark.parametrize("way", ["changing", "total-changing"])
def test_pages_that_change_meanwhile_are_noticed_and_nothing_is_kept(
    way: str, port: int, tmp_path: Path
) -> None:
    total = "&total=total" if way.startswith("total") else ""
    found = code_of(address(port, way, f"paging=offset{total}"), tmp_path)
    assert found == "exchange.source.changed_while_read"


@pytest.mark.parametrize(
    ("way", "options", "code"),
    [
        ("elsewhere", "paging=none", "exchange.source.refused"),
        ("forever", "paging=offset", "exchange.source.refused"),
    ],
)
def test_what_leads_elsewhere_or_never_ends_is_refused(
    way: str, options: str, code: str, port: int, tmp_path: Path
) -> None:
    assert code_of(address(port, way, options), tmp_path) == code


def test_a_wrong_key_and_an_absent_server_are_named(port: int, tmp_path: Path) -> None:
    wrong = address(port, "page", "paging=page", key="other")
    assert code_of(wrong, tmp_path) == "exchange.source.wrong_password"
    with pytest.raises(HaiheError) as raised:
        open_source("http://127.0.0.1:1/x", timeout_s=3).check()
    assert raised.value.code == "exchange.source.unreachable"


@pytest.mark.parametrize(
    "address", ["http://h/#paging=sideways", "https://u:p@h/", "http:///x", "http://h/#size=many"]
)
def test_an_address_that_says_no_way_is_refused(address: str) -> None:
    with pytest.raises(HaiheError) as raised:
        open_source(address)
    assert raised.value.code == "exchange.source.bad_address"
