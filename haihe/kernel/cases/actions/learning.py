"""Learning from closed reports which words go with which category and item."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from haihe.base.actor import Actor
from haihe.engine.texts.model import Scores, TextModel, packed, save, weighted
from haihe.engine.texts.training import train
from haihe.kernel.cases.internals.learned import CATEGORY, ITEM, path_of
from haihe.kernel.cases.report import REPORT_TYPE
from haihe.kernel.ledger import actions as ledger

MOST_TEXTS = 500
"""The newest texts of one item that are learned: more change little, and cost time and memory."""

_CLOSED = """
select label, title, note from (
    select case when %(kind)s = 'item' then i.code
            when i.kind = 'category' then i.code else i.category_id end as label,
        c.title, r.body ->> 'note' as note,
        row_number() over (partition by i.code order by c.opened_at desc) as newest
    from cases_case c
    join cases_casetypeversion v on v.id = c.version_id and v.name = %(type)s
    join cases_item i on i.code = c.category
    left join cases_remark r on r.case_id = c.id and r.ordinal = 1
    where c.ended_at is not null and c.state = 'closed' and c.duplicate_of_id is null
        and (%(kind)s = 'category' or i.kind in ('event', 'component'))
        and coalesce(c.title, '') || coalesce(r.body ->> 'note', '') <> ''
) found where newest <= %(most)s and label is not null
"""


@dataclass(frozen=True)
class Learned:
    """What was learned of one kind of label: how well, from how many texts, into which file."""

    kind: str
    scores: Scores
    sha256: str


def learn_texts(*, by: Actor) -> list[Learned]:
    """Train the models of categories and items from the city's own closed reports.

    Labels are what a person decided when the report was opened as a case; merged and refused
    reports teach nothing. Of the texts stay runs of at most three signs that stand in five of
    them. The entry is in the ledger before a model is used.
    Errors: ``texts.too_few``, with nothing replaced.
    """
    by.must("cases.texts.learn")
    models = {kind: _train(kind) for kind in (CATEGORY, ITEM)}
    return [_keep(kind, model, by=by) for kind, model in models.items()]


def _train(kind: str) -> TextModel:
    pairs = list(_closed(kind))
    return train([text for _, text in pairs], [label for label, _ in pairs])


def _keep(kind: str, model: TextModel, *, by: Actor) -> Learned:
    content, sha256 = packed(model)
    with transaction.atomic():
        body = {
            "kind": kind,
            "texts": model.scores.texts,
            "accuracy_permille": round(1000 * model.scores.accuracy),
            "macro_f1_permille": round(1000 * model.scores.macro_f1),
            "sha256": sha256,
        }
        ledger.record(by=by, kind="cases.texts.learned", body=body)
    save(content, path_of(kind))
    return Learned(kind, model.scores, sha256)


def _closed(kind: str) -> Iterator[tuple[str, str]]:
    """Label and text of closed reports."""
    given: dict[str, str | int] = {"kind": kind, "type": REPORT_TYPE, "most": MOST_TEXTS}
    with connection.cursor() as cursor:
        cursor.execute(_CLOSED, given)
        for label, title, note in cursor:
            yield label, weighted(title or "", note or "")
