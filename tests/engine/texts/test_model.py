"""A model of texts: learned, scored, kept in one safe file; real texts reach the stated scores."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from haihe.base.settings import settings
from haihe.engine.texts import training
from haihe.engine.texts.model import (
    BrokenModel,
    average_precision,
    load,
    packed,
    runs_of,
    save,
    weighted,
)
from haihe.project.commands.text import duplicates
from tests import needs

TEXTS = [f"{place}的路灯不亮了" for place in "东南西北中上"] + [
    f"{place}的井盖不见了" for place in "东南西北中下"
]
LABELS = ["lamp"] * 6 + ["cover"] * 6


def rows(name: str) -> list[dict[str, str]]:
    with (settings().test_data / "reports" / name).open(encoding="utf-8") as opened:
        return list(csv.DictReader(opened))


def test_what_was_learned_says_the_shares_that_scikit_learn_says() -> None:
    model = training.train(TEXTS, LABELS)
    counts, regression = training._fit(TEXTS, np.array(LABELS))
    asked = ["新的路灯不亮", "井盖破了", "完全另一回事xyz"]
    wanted = regression.predict_proba(counts.transform(asked))
    for text, row in zip(asked, wanted, strict=True):
        found = dict(model.shares(text))
        assert [found[name] for name in regression.classes_] == pytest.approx(list(row), abs=1e-4)


def test_three_classes_too_and_shares_are_one_together() -> None:
    texts = [*TEXTS, *(f"{place}的噪声太大" for place in "东南西北中")]
    model = training.train(texts, [*LABELS, *["noise"] * 5])
    assert model.shares("夜里噪声大")[0][0] == "noise"
    assert sum(share for _, share in model.shares("路灯")) == pytest.approx(1, abs=1e-6)


def test_a_file_gives_the_same_model_back(tmp_path: Path) -> None:
    model = training.train(TEXTS, LABELS)
    content, sha256 = packed(model)
    save(content, tmp_path / "deep" / "m.npz")
    again = load(tmp_path / "deep" / "m.npz")
    assert again.shares("路灯") == model.shares("路灯")
    assert (again.scores, again.trained_at, len(sha256)) == (model.scores, model.trained_at, 64)
    assert (tmp_path / "deep" / "m.npz").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("keep", [0, 10, 200, -30])
def test_a_file_cut_short_is_refused_in_a_sentence(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "m.npz"
    save(packed(training.train(TEXTS, LABELS))[0], path)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(BrokenModel):
        load(path)


def test_a_changed_weight_and_a_pickle_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    save(packed(training.train(TEXTS, LABELS))[0], path)
    with np.load(path) as held:
        arrays = {name: held[name] for name in held.files}
    np.savez_compressed(path, **{**arrays, "weights": arrays["weights"] + 1})
    with pytest.raises(BrokenModel):
        load(path)
    np.savez_compressed(path, **{**arrays, "weights": np.array([{"a": 1}], dtype=object)})
    with pytest.raises(BrokenModel):
        load(path)


def test_what_one_text_alone_says_and_numbers_are_not_kept() -> None:
    texts = [*TEXTS, "东的路灯不亮请打王小明13800001111"]
    model = training.train(texts, [*LABELS, "lamp"])
    assert not any("王" in run or run.strip("0").isdigit() for run in model.runs)
    assert runs_of("138") == ["0", "0", "0", "00", "00", "000"]


def test_too_few_texts_are_refused() -> None:
    with pytest.raises(training.TooFewTexts):
        training.train(TEXTS[:8], LABELS[:8])
    with pytest.raises(training.TooFewTexts):
        training.train(["a", "b", "c", "d", "e"] * 2, ["x"] * 5 + ["y"] * 5)


def test_average_precision_is_scikit_learns() -> None:
    draw = np.random.default_rng(7)
    truths = draw.random(300) < 0.2
    scores = np.round(draw.random(300) + 0.3 * truths, 1)
    found = average_precision(truths.tolist(), scores.tolist())
    assert found == pytest.approx(average_precision_score(truths, scores))


@needs.data("reports")
def test_real_texts_are_told_apart_as_well_as_the_page_on_texts_says() -> None:
    found = rows("teddy2020_labelled.csv")
    texts = [weighted(row["subject"], row["detail"]) for row in found]
    labels = [row["label"] for row in found]
    scores = training.train(texts, labels).scores
    assert scores.accuracy >= 0.808
    assert scores.macro_f1 >= 0.796


@needs.data("reports")
def test_real_duplicates_are_found_as_well_as_the_page_on_texts_says() -> None:
    found = rows("teddy2020_duplicates.csv")
    said = duplicates([r["subject"] for r in found], [r["duplicate_group"] for r in found])
    assert (said["pairs"], said["duplicates"]) == (435, 55)
    assert said["average_precision"] >= 0.974
