"""Training a model of texts, and scoring it on texts that it has not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np

from haihe.base.clock import now
from haihe.base.errors import BadInput
from haihe.engine.texts.model import Scores, TextModel, runs_of

LEAST_TEXTS = 5
"""Texts that a run must stand in to be kept, so that what one report alone says is not; and texts
that a class needs to be learned."""
MOST_RUNS = 50_000
FOLDS = 5
STRENGTH = 30.0
"""The inverse of the regularisation; between 10 and 100 it changes the scores little."""


class TooFewTexts(BadInput):
    """There are not enough texts to learn from."""

    code = "texts.too_few"
    message = "There are too few texts to learn from."
    hint = "At least two classes need five texts each; more cases must be closed first."


def train(texts: Sequence[str], labels: Sequence[str], *, seed: int = 0) -> TextModel:
    """A model of all texts whose scores are those of cross-validation over five folds.

    Classes of fewer than five texts are left out. Errors: ``texts.too_few``.
    """
    counted = Counter(labels)
    kept = [n for n, label in enumerate(labels) if counted[label] >= LEAST_TEXTS]
    chosen, wanted = [texts[n] for n in kept], np.array([labels[n] for n in kept])
    if len(set(wanted)) < 2:
        raise TooFewTexts
    scores = _scores(chosen, wanted, seed=seed)
    counts, regression = _fit(chosen, wanted)
    weights = regression.coef_
    bias = regression.intercept_
    if len(weights) == 1:  # two classes: scikit-learn keeps the second one's margin alone
        weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return TextModel(
        classes=tuple(map(str, regression.classes_)),
        runs={run: int(column) for run, column in counts.vocabulary_.items()},
        idf=counts.idf_.astype(np.float32),
        weights=weights.astype(np.float32),
        bias=bias.astype(np.float32),
        scores=scores,
        trained_at=now().isoformat(timespec="seconds"),
    )


def _sklearn(part: str) -> Any:
    """A part of scikit-learn, loaded when somebody trains: it takes seconds, and pages never do."""
    return import_module(f"sklearn.{part}")


def _fit(texts: Sequence[str], labels: Any) -> tuple[Any, Any]:
    counts = _sklearn("feature_extraction.text").TfidfVectorizer(
        analyzer=runs_of, min_df=LEAST_TEXTS, max_features=MOST_RUNS
    )
    try:
        found = counts.fit_transform(texts)
    except ValueError:  # no run stands in five texts
        raise TooFewTexts from None
    regression = _sklearn("linear_model").LogisticRegression(
        C=STRENGTH, class_weight="balanced", max_iter=2000
    )
    return counts, regression.fit(found, labels)


def _scores(texts: Sequence[str], labels: Any, *, seed: int) -> Scores:
    said = np.empty(len(labels), dtype=object)
    folds = _sklearn("model_selection").StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    for learned, held in folds.split(np.zeros(len(labels)), labels):
        counts, regression = _fit([texts[n] for n in learned], labels[learned])
        said[held] = regression.predict(counts.transform([texts[n] for n in held]))
    classes = sorted(set(labels))
    scored = _sklearn("metrics").precision_recall_fscore_support
    columns = scored(labels, said, labels=classes, zero_division=0)
    by_class = {
        str(name): (float(p), float(r), float(f), int(n))
        for name, p, r, f, n in zip(classes, *columns, strict=True)
    }
    return Scores(
        accuracy=float(np.mean(said == labels)),
        macro_f1=float(np.mean([each[2] for each in by_class.values()])),
        folds=FOLDS,
        texts=len(labels),
        by_class=by_class,
    )
