"""Every bad input of the corpus has its stated outcome: refused, kept apart, or read."""

from __future__ import annotations

from pathlib import Path

import pytest

from haihe.base.errors import HaiheError
from haihe.engine.lake.attached import LakeAddress
from haihe.engine.moving import ColumnRule, LakeTarget, Move, run
from haihe.engine.moving.errors import SourceChanged
from haihe.engine.sources import open_source
from tests.engine.sources.builders import Judged, judged
from tests.engine.sources.corpus import CORPUS, Bad

COLUMNS = (
    ColumnRule("id", "integer", is_key=True),
    ColumnRule("name", "text"),
    ColumnRule("amount", "decimal(18,2)"),
    ColumnRule("day", "date"),
    ColumnRule("at", "timestamp"),
)
LAYOUT = 'unit = "bytes"\n' + "".join(
    f'[[column]]\nname = "{name}"\nwidth = {width}\n'
    for name, width in (("id", 4), ("name", 3), ("amount", 4), ("day", 4), ("at", 4))
)


def put(bad: Bad, folder: Path) -> str:
    """Write the input and what belongs to it; the address of its folder."""
    inside = folder / "in"
    inside.mkdir(exist_ok=True)
    (inside / bad.file).write_bytes(bad.content)
    if bad.file.endswith(".fwf"):
        (inside / f"{bad.file}.toml").write_text(LAYOUT)
    return f"file://{inside}?encoding={bad.encoding}"


def columns_of(bad: Bad) -> tuple[ColumnRule, ...]:
    """The columns that are read: of CSV all, of JSON with few names those that may be absent."""
    return COLUMNS[:2] if bad.file == "t.fwf" else COLUMNS


def outcome_of(bad: Bad, folder: Path) -> Judged:
    """What becomes of an input; a column that is asked for and not there stops it, as in a move."""
    source = open_source(put(bad, folder))
    there = {column.name for column in source.columns(bad.file)}
    columns = tuple(c for c in columns_of(bad) if c.name in there)
    if not columns:
        raise SourceChanged("The source's table no longer has its columns.")
    return judged(source, bad.file, folder, columns=columns, shown="id")


@pytest.mark.parametrize("bad", CORPUS, ids=[each.what for each in CORPUS])
def test_bad_input_has_its_stated_outcome(bad: Bad, tmp_path: Path) -> None:
    refused, found = "", None
    try:
        found = outcome_of(bad, tmp_path)
    except HaiheError as refusal:
        refused = refusal.code if refusal.hint else "no way out is told"
    assert refused == bad.refused
    if found is not None:
        assert found.is_whole
        assert found.reasons == sorted(bad.reasons)
        assert found.good == [(each,) for each in bad.read]


def named(what: str) -> Bad:
    """One input of the corpus by its sentence."""
    return next(each for each in CORPUS if each.what == what)


def test_a_zone_is_turned_to_utc_and_not_dropped(tmp_path: Path) -> None:
    bad = named("a moment with its zone")
    source = open_source(put(bad, tmp_path))
    found = judged(source, bad.file, tmp_path, columns=COLUMNS, shown='"at"::varchar')
    assert found.good == [("2021-08-15 02:00:00",)]


def test_digits_of_a_json_number_are_all_kept(tmp_path: Path) -> None:
    bad = named("a number with 26 digits")
    source = open_source(put(bad, tmp_path))
    assert source.sample(bad.file)[0]["name"] == "12345678901234567890.123450"
    assert [c.kind for c in source.columns(bad.file)] == ["integer", "decimal(38,10)"]


def test_a_clock_that_runs_ahead_does_not_carry_the_position_with_it(
    lake: LakeAddress, tmp_path: Path
) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "t.csv").write_text(
        "id,name,amount,day,at\n1,a,1,,2020-01-01 00:00:00\n2,b,1,,2999-01-01 00:00:00\n"
    )
    one = Move(
        link="link", batch="b", source=open_source(f"file://{inside}"), source_table="t.csv",
        columns=COLUMNS, target=LakeTarget(lake, "a.t"), staging=tmp_path / "staging",
        watermark="at",
    )  # fmt: skip
    outcome = run(one)
    assert (outcome.rows_read, outcome.rows_written) == (2, 2)
    assert outcome.position_after == "2020-01-01 00:00:00.000000"
