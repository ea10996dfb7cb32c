"""Faults of a pack: gathered in one run, each with its file and place, never raised singly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from haihe.base.errors import BadInput


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a pack: where, and what to do about it."""

    file: str
    where: str
    sentence: str

    def __str__(self) -> str:
        place = f"{self.file}, {self.where}" if self.where else self.file
        return f"{place}: {self.sentence}"


class FaultyPack(BadInput):
    """A pack has faults; nothing of it was loaded."""

    code = "city.faulty"
    hint = "Run `haihe city check` to see every fault; nothing was loaded."


@dataclass
class Faults:
    """The faults found so far, in the order of the files."""

    found: list[Fault] = field(default_factory=list)

    def add(self, file: str, where: str, sentence: str) -> None:
        """Note one fault."""
        self.found.append(Fault(file, where, sentence))

    @contextmanager
    def of(self, file: str, where: str, *errors: type[Exception]) -> Iterator[None]:
        """Turn the named errors of a block into a fault."""
        try:
            yield
        except errors as error:
            self.add(file, where, getattr(error, "message", "") or f"{error}.")
