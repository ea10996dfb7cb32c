"""Who was given a wrong value: found in the ledger and the exchange, entry by entry."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from haihe.kernel.catalogue.models import Grant, GrantDocument
from haihe.kernel.exchange.models import Batch
from haihe.kernel.exchange.spells import Spell, spells_of
from haihe.kernel.ledger import queries as ledger
from haihe.kernel.ledger.queries import AccessLine
from haihe.kernel.services.models import Service
from haihe.systems.corrections.declare import EDGE, GIVING
from haihe.systems.corrections.errors import WordsErased
from haihe.systems.corrections.models import Objection, ObjectionWords

DELIVERED = "exchange.batch.delivered"
FILES = "exchange.export.made"
"""The way of those to whom files were made, which hold the row: fetched or not, they can be."""
PROOF = "proof"
"""The way of those who were told yes or no of a value, and never the value."""


@dataclass
class Given:
    """How one department was given the value, or told of it: by which ways, how often, from when.

    A way is an entry's kind, ``proof``, or ``exchange.export.made`` where it came in files.
    """

    department: str
    ways: set[str] = field(default_factory=set)
    times: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None

    def add(self, line: AccessLine) -> None:
        """Count one entry; lines come in order of time."""
        is_files = line.kind == DELIVERED and "manifest_sha256" in line.body
        self.ways.add(FILES if is_files else line.kind)
        self.times += 1
        self.first_at = self.first_at or line.at
        self.last_at = line.at


def words_of(objection: Objection) -> ObjectionWords:
    """The values of an objection; ``corrections.erased`` past their term."""
    found = ObjectionWords.objects.filter(pk=objection.pk).first()
    if found is None:
        raise WordsErased
    return found


def given(objection: Objection) -> list[Given]:
    """The departments that were given the wrong value while it stood, by code.

    Exactly those: a grant alone gives nothing, nor does a call before the value was wrong or after
    it was corrected, nor one that asked for other columns. Whoever was told yes or no of it was
    told wrong: way ``proof``. The provider has it from itself.
    Errors: ``lake.unreachable``, ``corrections.erased``.
    """
    words, resource = words_of(objection), objection.resource
    spells = spells_of(
        resource,
        subject=bytes(objection.subject),
        column=objection.column.name,
        key=words.row,
        value=words.given,
    ) or [_unknown_since(objection)]
    found: dict[str, Given] = {}
    for line in _lines(bytes(objection.subject), resource.pk, objection.column.name):
        if line.department != resource.department_id and _is_within(line, spells):
            found.setdefault(line.department, Given(line.department)).add(line)
    return [found[code] for code in sorted(found)]


def was_given(subject: bytes, *, grant: Grant, column: str) -> bool:
    """Whether the ledger shows that a column of the subject's row was given under a grant."""
    lines = lines_given(subject, grant.resource_id, column)
    return any(line.grant == grant.pk for line in lines)


def lines_given(subject: bytes, resource: str, column: str) -> list[AccessLine]:
    """Entries by which this column of the subject's row left, in order; undone batches are none.

    A proof's are none of them: its entry names what was granted, and its answer is yes or no. Nor
    is an entry of a service that nobody knows: it may have been a proof.
    """
    services = set(_services(resource))
    return [
        line
        for line in _lines(subject, resource, column)
        if line.kind == DELIVERED or (line.kind != PROOF and line.body.get("service") in services)
    ]


def _lines(subject: bytes, resource: str, column: str) -> list[AccessLine]:
    """Entries by which this column left or was told of, in order; a proof's have that for kind."""
    lines = ledger.entries_given(subject, resource=resource, kinds=GIVING)
    gave = _giving(column, {line.grant for line in lines if line.kind == DELIVERED})
    services = _services(resource)
    batches = {line.body.get("batch") for line in lines if line.kind == DELIVERED}
    done = {
        str(key)
        for key in Batch.objects.filter(pk__in=batches, state=Batch.State.DONE).values_list(
            "pk", flat=True
        )
    }
    kept = []
    for line in lines:
        service = services.get(line.body.get("service"))
        if line.kind == DELIVERED:
            if gave(line.grant, line.at) and line.body.get("batch") in done:
                kept.append(line)
        elif not line.body.get("found"):
            continue
        elif service is not None and service.kind == Service.Kind.PROOF:
            if service.predicate_column == column:
                kept.append(replace(line, kind=PROOF))
        elif column in (line.body.get("columns") or ()):
            kept.append(line)
    return kept


def _services(resource: str) -> dict[object, Service]:
    return {each.code: each for each in Service.objects.filter(resource=resource)}


def _giving(column: str, grants: Iterable[object]) -> Callable[[object, datetime], bool]:
    """Whether a grant gave the column at a moment: by the edition of its document then in force.

    A grant from before there were documents gave what was demanded.
    """
    keys = set(grants)
    editions: dict[object, list[tuple[datetime, bool]]] = {}
    documents = GrantDocument.objects.filter(grant__in=keys).order_by("edition")
    for grant, made_at, text in documents.values_list("grant", "made_at", "text"):
        gives = column in json.loads(text)["columns"]
        editions.setdefault(grant, []).append((made_at, gives))
    demanded = Grant.objects.filter(pk__in=keys - editions.keys(), demand__columns__name=column)
    older = set(demanded.values_list("pk", flat=True))

    def gave(grant: object, at: datetime) -> bool:
        held = editions.get(grant)
        if held is None:
            return grant in older
        in_force = [gives for made_at, gives in held if made_at <= at]
        return in_force[-1] if in_force else held[0][1]

    return gave


def _is_within(line: AccessLine, spells: list[Spell]) -> bool:
    if line.kind != DELIVERED:
        return any(
            each.served_since <= line.at
            and (each.served_until is None or line.at <= each.served_until + EDGE)
            for each in spells
        )
    begun = Batch.objects.values_list("started_at", flat=True).get(pk=line.body["batch"])
    return any(
        line.at >= each.since and (each.until is None or begun <= each.until) for each in spells
    )


def _unknown_since(objection: Objection) -> Spell:
    """Where the lake keeps no history of the row: wrong from the first, until it was seen right."""
    first = datetime.min.replace(tzinfo=UTC)
    return Spell(first, objection.seen_at, first, objection.seen_at)
