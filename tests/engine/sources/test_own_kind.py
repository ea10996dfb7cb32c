"""The howto's kind of source works as it is printed, in forty lines."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from haihe.base.errors import HaiheError
from haihe.engine.moving import ColumnRule
from haihe.engine.sources import kind_of_address, open_source, registry
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
