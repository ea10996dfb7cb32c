"""The howto's kind of source works as it is printed, in forty lines."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from haihe.base.errors import HaiheError
from haihe.engine.moving import ColumnRule
from haihe.engine.sources import kind_of_address, open_source, register, registry, schemes
from haihe.engine.sources.mariadb import MariaDB
from haihe.engine.sources.registry import class_of, forget
from tests.engine.sources.builders import judged

PAGE = Path(__file__).parents[3] / "docs" / "howto" / "read-other-sources.md"


def test_a_kind_of_ones_own_is_one_class(tmp_path: Path) -> None:
    (printed,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len([line for line in printed.splitlines() if line.strip()]) <= 40
    exec(compile(printed, str(PAGE), "exec"), {})  # noqa: S102 - the page is ours
    try:
        with duckdb.connect(str(tmp_path / "t.duckdb")) as made:
            made.execute("create table t (id bigint not null, name text, amount decimal(18,2))")
            made.execute("insert into t values (1, '甲', 12345678901234.56), (2, null, -0.10)")
        address = f"duckfile://{tmp_path}/t.duckdb"
        assert kind_of_address(address) == "duckfile"
        source = open_source(address)
        assert [c.kind for c in source.columns("t")] == ["integer", "text", "decimal(18,2)"]
        columns = tuple(ColumnRule(c.name, c.kind) for c in source.columns("t"))
        found = judged(source, "t", tmp_path, columns=columns, shown="id, name, amount::varchar")
        assert found.good == [(1, "甲", "12345678901234.56"), (2, None, "-0.10")]
        assert (found.reasons, found.is_whole) == ([], True)
    finally:
        registry.forget("duckfile")


@pytest.mark.parametrize(
    ("address", "extra"), [("oracle://a:b@h/x", "oracle"), ("dm://a:b@h/x", "dameng")]
)
def test_a_driver_that_is_not_installed_names_the_extra(address: str, extra: str) -> None:
    with pytest.raises(HaiheError) as raised:
        open_source(address).check()
    assert raised.value.code == "exchange.source.no_driver"
    assert f"haihe[{extra}]" in raised.value.hint


def test_each_of_our_own_schemes_is_one_of_the_class_that_it_names() -> None:
    known = schemes()
    assert {scheme for made in set(known.values()) for scheme in made.schemes} == set(known)
    assert all(scheme in made.schemes for scheme, made in known.items())


def test_an_own_class_keeps_its_scheme_when_ours_of_another_scheme_is_asked_for() -> None:
    class Own(MariaDB):
        schemes = ("mysql",)

    register(Own)
    try:
        assert kind_of_address("mariadb://host/name") == "mariadb"
        assert class_of("mysql://host/name") is Own
    finally:
        forget("mysql")
    assert class_of("mysql://host/name") is MariaDB
