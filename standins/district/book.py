"""What the district's platform holds: one JSON line a change, durable before it answers."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

RECEIVED, IN_HAND, DONE = "10", "20", "30"
RESULT = "Done by the district's own people."
Case = dict[str, Any]


@dataclass
class Book:
    """Cases by number. ``pace``: after so many seconds a case is in hand, after twice as many done;
    0: cases stand as they were told to.
    """

    folder: Path
    pace: int = 0
    faults: list[int] = field(default_factory=list)
    cases: dict[str, Case] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._path.exists():
            for line in self._path.read_text(encoding="utf-8").splitlines():
                try:
                    case = json.loads(line)
                except ValueError:  # the line that a kill cut short was never answered
                    continue
                self.cases[case["no"]] = case

    @property
    def _path(self) -> Path:
        return self.folder / "cases.jsonl"

    def take(self, given: Case) -> Case:
        """Take a case; one that came before under the same number of its sender is the same."""
        with self._lock:
            sender = given.get("source_no", "")
            known = (each for each in self.cases.values() if each["source_no"] == sender)
            found = next(known, None) if sender else None
            if found is not None:
                return found
            case = {
                "no": f"D{len(self.cases) + 1:06}",
                "source_no": sender,
                "cls": str(given.get("cls", "")),
                "at": given.get("at", {}),
                "content": str(given.get("content", "")),
                "st": RECEIVED,
                "result": "",
                "filed": _said(datetime.now(UTC)),
                "changed": _said(datetime.now(UTC)),
                "said": [],
            }
            return self._keep(case)

    def change(self, number: str, **changes: Any) -> Case | None:
        """Let a case stand otherwise; None for a number that is unknown."""
        with self._lock:
            case = self.cases.get(number)
            if case is None:
                return None
            return self._keep({**case, **changes, "changed": _said(datetime.now(UTC))})

    def hear(self, number: str, word: dict[str, Any]) -> Case | None:
        """Write down a word of the city's on a case, once by its number."""
        with self._lock:
            case = self.cases.get(number)
            if case is None or any(each["word_no"] == word["word_no"] for each in case["said"]):
                return case
            return self._keep({**case, "said": [*case["said"], word]})

    def since(self, moment: str) -> list[Case]:
        """Cases that were filed or changed since a moment."""
        self._advance()
        return [each for each in self.cases.values() if not moment or each["changed"] >= moment]

    def _advance(self) -> None:
        for case in list(self.cases.values()) if self.pace else ():
            age = datetime.now(UTC) - datetime.fromisoformat(case["filed"])
            if case["st"] == RECEIVED and age >= timedelta(seconds=self.pace):
                self.change(case["no"], st=IN_HAND)
            elif case["st"] == IN_HAND and age >= timedelta(seconds=2 * self.pace):
                self.change(case["no"], st=DONE, result=RESULT)

    def _keep(self, case: Case) -> Case:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(case, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.cases[case["no"]] = case
        return case


def _said(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
