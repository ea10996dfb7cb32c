"""Learning from closed reports: what is suggested afterwards, and what teaches nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from haihe.base.actor import Actor
from haihe.base.errors import NotPermitted
from haihe.base.settings import settings
from haihe.engine.texts.training import TooFewTexts
from haihe.kernel.cases import actions, queries
from haihe.kernel.cases.declare import ItemDraft
from haihe.kernel.cases.internals import learned
from haihe.kernel.cases.models import Case
from haihe.kernel.ledger.models import Entry
from tests.cases.builders import ITEMS, LOADER, Corner

BY = Actor("administrator", "command", permissions=frozenset({"cases.texts.learn", "cases.open"}))


@pytest.fixture
def taught(here: Corner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Corner]:
    """The list, and the models in a folder of their own."""
    ways = ItemDraft("ways", "category", {"zh": "道路", "en": "Ways"})
    drafts = [replace(each, category="ways") if each.code == "R103" else each for each in ITEMS]
    actions.load_items(by=LOADER, items=[ways, *drafts])
    monkeypatch.setattr(learned, "path_of", lambda kind: tmp_path / f"{kind}.npz")
    monkeypatch.setattr("haihe.kernel.cases.actions.learning.path_of", learned.path_of)
    learned._held.clear()
    yield here
    learned._held.clear()


def closed(category: str, title: str, **changes: object) -> Case:
    made = actions.open_case(
        by=BY, type="cases.report", department="parks", category=category, title=title
    )
    Case.objects.filter(pk=made.pk).update(
        **{"state": "closed", "ended_at": made.opened_at, "due": None, **changes}
    )
    return made


def _teach() -> None:
    for place in "东南西北中上":
        closed("R101", f"{place}街黑漆漆的看不见")
        closed("R103", f"{place}街脏水漫出来")


def test_the_city_s_own_words_are_suggested_after_learning(taught: Corner) -> None:
    _teach()
    assert [e.code for e in queries.suggest_items("夜里黑漆漆看不见")] == []
    found = {each.kind: each for each in actions.learn_texts(by=BY)}
    best = queries.suggest_items("夜里黑漆漆看不见")[0]
    assert (best.code, best.learned_from) == ("R101", 12)
    assert found["item"].scores.texts == 12
    entry = Entry.objects.filter(kind="cases.texts.learned").first()
    assert "黑" not in str(entry.body)


def test_merged_and_refused_reports_teach_nothing(taught: Corner) -> None:
    _teach()
    kept = Case.objects.first()
    for _ in range(6):
        closed("R101", "一样的话一样的话", duplicate_of=kept)
        closed("R101", "不是真的不是真的", state="rejected")
    actions.learn_texts(by=BY)
    runs = learned.model_of("item").runs
    assert "一样" not in runs
    assert "真的" not in runs


def test_too_few_closed_reports_replace_nothing(taught: Corner) -> None:
    _teach()
    actions.learn_texts(by=BY)
    before = learned.path_of("category").read_bytes()
    Case.objects.filter(category="R103").update(category="R101")
    with pytest.raises(TooFewTexts):
        actions.learn_texts(by=BY)
    assert learned.path_of("category").read_bytes() == before


def test_a_broken_model_is_no_model_and_the_list_suggests(taught: Corner) -> None:
    learned.path_of("item").write_bytes(b"nothing")
    title = queries.item("R101").title["zh"]
    found = queries.suggest_items(title)
    assert (found[0].code, found[0].learned_from) == ("R101", 0)


def test_only_whoever_may_learns(taught: Corner) -> None:
    with pytest.raises(NotPermitted):
        actions.learn_texts(by=Actor("officer", "1"))
    assert not (settings().data / "texts").exists()
