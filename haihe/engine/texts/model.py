"""A linear model of short texts: which class a text belongs to, with its share, without pickles.

Character runs of one to three signs, weighted by TF-IDF, and a multinomial logistic regression
over them (Jurafsky and Martin, Speech and Language Processing, chs. 4 and 5). What is kept of the
texts it learned from is how often runs of at most three signs stand in several of them.
"""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from haihe.base.errors import BadInput
from haihe.engine.texts.likeness import plain

FORMAT = 1
RUNS = (1, 2, 3)
TITLE_COUNTS = 3
"""A title says in few words what a note says in many: it counts three times."""

Numbers = npt.NDArray[np.float32]


_UNREADABLE = (
    OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile, msgspec.MsgspecError,
)  # fmt: skip


class BrokenModel(BadInput):
    """A model file can't be used: broken, changed, or of another version."""

    code = "texts.model.broken"
    message = "The model of texts can't be read."
    hint = "Train it again with `haihe text train`."


@dataclass(frozen=True)
class Scores:
    """How a model did on texts it had not seen, in cross-validation; each 0 to 1.

    ``by_class``: precision, recall, F1 and number of texts of each class.
    """

    accuracy: float
    macro_f1: float
    folds: int
    texts: int
    by_class: dict[str, tuple[float, float, float, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class TextModel:
    """Classes, runs with their IDF, and one weight for each run and class.

    ``weights``: [classes, runs]; ``bias``: [classes]; ``idf``: [runs].
    """

    classes: tuple[str, ...]
    runs: dict[str, int]
    idf: Numbers
    weights: Numbers
    bias: Numbers
    scores: Scores
    trained_at: str = ""

    def shares(self, text: str) -> list[tuple[str, float]]:
        """The classes with their shares of a text, likeliest first; together 1."""
        at, values = self._signs(text)
        margins = self.bias + self.weights[:, at] @ values if len(at) else self.bias
        grown = np.exp(margins - margins.max())
        found = zip(self.classes, (grown / grown.sum()).tolist(), strict=True)
        return sorted(found, key=lambda each: (-each[1], each[0]))

    def knows(self, text: str) -> bool:
        """Whether any run of a text was learned."""
        return len(self._signs(text)[0]) > 0

    def _signs(self, text: str) -> tuple[npt.NDArray[np.intp], Numbers]:
        """Columns and values of a text's vector, of length 1."""
        counted = Counter(run for run in runs_of(text) if run in self.runs)
        at = np.fromiter((self.runs[run] for run in counted), np.intp, len(counted))
        values = np.fromiter(counted.values(), np.float32, len(counted)) * self.idf[at]
        length = float(np.sqrt((values * values).sum()))
        return at, values / length if length else values


def weighted(title: str, note: str) -> str:
    """Title and note as one text, in which the title weighs more."""
    return " ".join([title] * TITLE_COUNTS + [note])


def runs_of(text: str) -> list[str]:
    """Every run of one to three signs of a text; digits are all one sign.

    >>> runs_of("路12")
    ['路', '0', '0', '路0', '00', '路00']
    """
    signs = "".join("0" if sign.isdigit() else sign for sign in plain(text))
    return [signs[at : at + n] for n in RUNS for at in range(len(signs) - n + 1)]


def packed(model: TextModel) -> tuple[bytes, str]:
    """A model as the bytes of one file, and the SHA-256 of what it holds (hex)."""
    names = "\n".join(sorted(model.runs, key=lambda run: model.runs[run]))
    arrays: dict[str, Any] = {
        "runs": np.frombuffer(names.encode(), np.uint8),
        "idf": model.idf,
        "weights": model.weights,
        "bias": model.bias,
    }
    head = {
        "format": FORMAT,
        "classes": model.classes,
        "scores": asdict(model.scores),
        "trained_at": model.trained_at,
        "sha256": _digest(arrays),
    }
    kept = io.BytesIO()
    np.savez_compressed(kept, head=np.frombuffer(msgspec.json.encode(head), np.uint8), **arrays)
    return kept.getvalue(), str(head["sha256"])


def save(content: bytes, path: Path) -> None:
    """Write a packed model, whole or not at all, for the installation's own account to read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_bytes(content)
    fresh.replace(path)


def load(path: Path) -> TextModel:
    """Read a model; ``texts.model.broken`` for anything but a whole file of this version."""
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as held:
            arrays = {name: held[name] for name in ("runs", "idf", "weights", "bias")}
            head = msgspec.json.decode(bytes(held["head"]))
        found = _model(head, arrays)
    except _UNREADABLE:
        raise BrokenModel from None
    return found


def _model(head: dict[str, Any], arrays: dict[str, Any]) -> TextModel:
    names = bytes(arrays["runs"]).decode().split("\n")
    classes = tuple(head["classes"])
    shapes = (arrays["weights"].shape, arrays["bias"].shape, arrays["idf"].shape)
    is_whole = shapes == ((len(classes), len(names)), (len(classes),), (len(names),))
    if head["format"] != FORMAT or not is_whole or head["sha256"] != _digest(arrays):
        raise BrokenModel
    return TextModel(
        classes=classes,
        runs={run: column for column, run in enumerate(names)},
        idf=arrays["idf"],
        weights=arrays["weights"],
        bias=arrays["bias"],
        scores=msgspec.convert(head["scores"], Scores),
        trained_at=head["trained_at"],
    )


def _digest(arrays: dict[str, Any]) -> str:
    found = hashlib.sha256()
    for name in sorted(arrays):
        found.update(np.ascontiguousarray(arrays[name]).tobytes())
    return found.hexdigest()


def average_precision(truths: Sequence[bool], scores: Sequence[float]) -> float:
    """Area under precision over recall, pairs of equal score taken together (scikit-learn's AP).

    >>> average_precision([True, False, True], [0.9, 0.5, 0.4])
    0.8333333333333333
    """
    order = sorted(zip(scores, truths, strict=True), key=lambda pair: -pair[0])
    total, hits, area, reached = sum(truths), 0, 0.0, 0.0
    for number, (score, is_true) in enumerate(order, start=1):
        hits += is_true
        if number < len(order) and order[number][0] == score:
            continue
        recall = hits / total
        area += (recall - reached) * hits / number
        reached = recall
    return area
