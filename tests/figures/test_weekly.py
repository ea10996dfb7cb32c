"""The weekly report: its text read back and compared with the rows; filed on Monday; no person."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.utils import translation
from typer.testing import CliRunner

from haihe.base.actor import Actor
from haihe.base.errors import NotPermitted
from haihe.kernel.cases.models import Case, Remark
from haihe.kernel.files.errors import NoFont, NotTypeset
from haihe.kernel.files.typesetting import font, pictures, typeset
from haihe.kernel.ledger.models import Entry
from haihe.kernel.org.models import Account, Officer
from haihe.kernel.org.queries import actor_of
from haihe.kernel.places.models import Division
from haihe.project.commands import report
from haihe.project.errors import NotWritable, UnknownLanguage
from haihe.systems.figures import actions, jobs, queries
from haihe.systems.figures.errors import BadWeek, OutsideYours
from haihe.systems.figures.models import WeeklyReport
from haihe.systems.figures.queries.document import LAYOUT
from tests.cases.builders import at, local
from tests.desk.builders import at_desk
from tests.figures.conftest import Readers

pytestmark = pytest.mark.django_db
MONDAY, COUNTED = date(2026, 8, 17), "2026-08-25 10:00"
WORDS = {
    "en": ("Reports", "Solved", "Overdue", "Re-opened", "Ratings", "Resolution rate"),
    "zh-hans": ("上报", "已解决", "超期", "重开", "评价数", "解决率"),
}


def read(content: bytes) -> str:
    """The text of a PDF."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages)


def filed(week: date, division: str = "") -> list[Case]:
    """The reports of a week by their rows."""
    since = local(f"{week} 00:00")
    rows = Case.objects.filter(opened_at__gte=since, opened_at__lt=since + timedelta(days=7))
    return list(rows.filter(place__code__startswith=division) if division else rows)


def counts(cases: list[Case]) -> list[int]:
    """Reports, solved, overdue, re-opened, ratings: row by row, without the kernel's figures."""
    moment = local(COUNTED)
    solved = [case for case in cases if case.state in {"answered", "closed"}]
    open_ = [case for case in cases if case.ended_at is None and case not in solved]
    late = [case for case in open_ if case.due and case.due < moment]
    return [
        len(cases), len(solved), len(late), sum(case.reopenings > 0 for case in cases),
        sum(case.rating is not None for case in cases),
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("division", ["", "D01"])
def test_the_numbers_of_the_document_are_those_of_the_rows(
    there: Readers, language: str, division: str
) -> None:
    with at(COUNTED):
        content = queries.weekly_pdf(MONDAY, division, language=language)
    text = read(content)
    this = counts(filed(MONDAY, division))
    before = counts(filed(MONDAY - timedelta(days=7), division))
    assert this[0] > 10
    for word, now_, then in zip(WORDS[language], this, before, strict=False):
        change = f"{now_ - then:+}" if now_ != then else "0"
        assert f"\n{word} {now_} {then} {change}\n" in text, word
    solved, overdue = this[1:3]
    assert f"{WORDS[language][5]} {100 * solved / (solved + overdue):.1f}%" in text
    assert "2026-W34" in text
    assert "D02" not in text
    late = [case for case in filed(MONDAY, division) if str(case.pk) in text]
    assert len(late) == overdue


def test_the_chart_shows_each_day_of_four_weeks(there: Readers) -> None:
    with at(COUNTED), translation.override("en"):
        chart = queries.weekly_values(MONDAY, "")["chart"]
    days = [MONDAY - timedelta(days=21 - n) for n in range(28)]
    assert chart["labels"] == [f"{day:%m-%d}" for day in days]
    counted = dict.fromkeys(days, 0)
    for week in range(4):
        for case in filed(MONDAY - timedelta(days=7 * week)):
            counted[case.opened_at.astimezone(local(COUNTED).tzinfo).date()] += 1
    assert chart["values"] == list(counted.values())
    assert f"{sum(chart['values'][-7:])} in the week" in chart["alt"]


def test_the_document_is_tagged_and_says_its_language_and_title(there: Readers) -> None:
    with at(COUNTED):
        content = queries.weekly_pdf(MONDAY, language="zh-hans")
        assert content == queries.weekly_pdf(MONDAY, language="zh-hans")
    found = pypdf.PdfReader(BytesIO(content))
    root = found.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert str(root["/Lang"]).startswith("zh")
    marks = found.xmp_metadata.stream.get_data().decode() if found.xmp_metadata else ""
    assert "<pdfuaid:part>1</pdfuaid:part>" in marks
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in marks
    assert found.metadata
    assert found.metadata.title == "上报与办理情况周报"
    assert pictures(LAYOUT, _plain(), language="en", moment=local(COUNTED))


def _plain() -> dict[str, Any]:
    """The least that the layout takes: one page."""
    return {
        "title": "T", "about": ["A"], "head": [["x", "1", "2", "-1"]], "head_words": ["a"] * 4,
        "head_title": "H", "tables": [], "overdue": {"title": "O", "numbers": [], "more": ""},
        "definitions": [], "words": {"page": "P", "none": "N"},
        "chart": {"title": "C", "labels": ["1"], "values": [0], "week": 1, "alt": "c",
                  "key": ["a", "b"]},
    }  # fmt: skip


def test_no_name_and_nothing_that_somebody_wrote_is_in_the_document(there: Readers) -> None:
    Case.objects.update(title="Li Si of 5 Elm Street")
    assert Remark.objects.update(body={"note": "Zhang San did it"})
    with at(COUNTED):
        text = read(queries.weekly_pdf(MONDAY, language="en"))
    assert "Li Si" not in text
    assert "Zhang San" not in text
    names = {*Officer.objects.values_list("name", flat=True)}
    names |= {*Account.objects.values_list("username", flat=True)}
    assert not any(re.search(rf"\b{re.escape(name)}\b", text) for name in names)


def test_a_quiet_week_makes_a_document_too(there: Readers) -> None:
    with at(COUNTED):
        text = read(queries.weekly_pdf(date(2026, 1, 5), language="en"))
    assert "Reports 0 0 0" in text
    assert text.count("None.") >= 4


def test_on_monday_the_city_and_each_district_are_filed_once(there: Readers) -> None:
    with at("2026-08-24 00:20"):
        assert jobs.file_weekly() == 1 + Division.objects.filter(level=1).count()
        assert jobs.file_weekly() == 0
    with at("2026-08-30 23:59"):
        assert jobs.file_weekly() == 0
    rows = WeeklyReport.objects.all()
    assert {(row.name, row.division_id) for row in rows} == {
        ("2026-W34", None), ("2026-W34", "D01"), ("2026-W34", "D02"),
    }  # fmt: skip
    assert Entry.objects.filter(kind="figures.weekly.filed").count() == 3


def test_a_filed_report_is_opened_by_those_who_may_and_noted(there: Readers) -> None:
    with at("2026-08-24 00:20"):
        jobs.file_weekly()
    whole = WeeklyReport.objects.get(division=None)
    own = WeeklyReport.objects.get(division="D01")
    cara, dora, nora = (at_desk(each) for each in (there.city, there.district, there.nobody))
    with at(COUNTED):
        answer = cara.get(f"/figures/weekly/{whole.pk}.pdf")
        assert answer["Content-Type"] == "application/pdf"
        assert "2026-W34" in read(b"".join(answer.streaming_content))
        assert dora.get(f"/figures/weekly/{own.pk}.pdf").status_code == 200
        assert dora.get(f"/figures/weekly/{whole.pk}.pdf").status_code == 403
        assert nora.get(f"/figures/weekly/{own.pk}.pdf").status_code == 403
        assert (
            cara.get("/figures/weekly/01a218b2-c750-7d0b-8449-48da411d9625.pdf").status_code == 404
        )
        listed = dora.get("/figures/weekly/").content.decode()
    assert str(own.pk) in listed
    assert str(whole.pk) not in listed
    opened = Entry.objects.filter(kind="files.opened", purpose="figures.weekly")
    assert {each.actor for each in opened} == {
        f"officer:{each.pk}" for each in (there.city, there.district)
    }


def test_the_button_files_a_report_in_the_readers_language(there: Readers) -> None:
    cara = at_desk(there.city)
    with at(COUNTED):
        page = cara.post("/figures/weekly/make", {"week": "2026-W33", "division": ""}, follow=True)
    assert "is filed" in page.content.decode()
    row = WeeklyReport.objects.get()
    assert (row.name, row.language) == ("2026-W33", "en")
    with at(COUNTED):
        at_desk(there.district).post("/figures/weekly/make", {"week": "2026-W33", "division": ""})
        at_desk(there.nobody).post("/figures/weekly/make", {"week": "2026-W33", "division": "D01"})
        with pytest.raises(OutsideYours):
            actions.file_weekly(by=actor_of(there.district), week=MONDAY, language="en")
        with pytest.raises(NotPermitted):
            actions.file_weekly(by=Actor("clock", "clock"), week=MONDAY, language="en")
    assert WeeklyReport.objects.count() == 1


def test_the_command_writes_the_week_to_a_file(there: Readers, tmp_path: Path) -> None:
    out = tmp_path / "w.pdf"
    given = ["weekly", "--week", "2026-W34", "--division", "D01", "--language", "en"]
    with at(COUNTED):
        done = CliRunner().invoke(report.app, [*given, "--out", str(out)], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        text = read(out.read_bytes())
        assert f"Reports {len(filed(MONDAY, 'D01'))} " in text
        for week in ("2026-W35", "2026-W99", "last", "2026-34"):
            with pytest.raises(BadWeek):
                CliRunner().invoke(report.app, ["weekly", "--week", week], catch_exceptions=False)
        nowhere = str(tmp_path / "missing" / "w.pdf")
        with pytest.raises(NotWritable, match="missing"):
            CliRunner().invoke(report.app, [*given, "--out", nowhere], catch_exceptions=False)
        with pytest.raises(UnknownLanguage, match="fr"):
            CliRunner().invoke(report.app, ["weekly", "--language", "fr"], catch_exceptions=False)
        assert queries.monday_of("") == MONDAY


def test_without_a_chinese_font_there_is_a_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoFont, match="fonts-noto-cjk"):
        font(["No Such Font SC"])
    broken = tmp_path / "broken.typ"
    broken.write_text("#nothing", encoding="utf-8")
    with pytest.raises(NotTypeset, match=r"broken\.typ"):
        typeset(broken, {}, language="en", moment=local(COUNTED))
