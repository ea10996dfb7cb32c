"""What the kernel calls here: a case moved, and the platforms that share it are to be told.

In the step's own transaction: what is to be told is lost with the step or not at all.
"""

from __future__ import annotations

from uuid import UUID

from haihe.base.actor import Actor
from haihe.base.text import Text
from haihe.engine.merkle.entries import actor_text
from haihe.kernel.cases import queries as cases
from haihe.kernel.cases.declare import IMPORTS
from haihe.kernel.cases.report import REPORT_TYPE
from haihe.systems.districts.declare import STATUS_OF_STATE
from haihe.systems.districts.models import Mirror, Outgoing, Sending
from haihe.systems.districts.queries import platforms

HANDLED_HERE: Text = {"zh": "来自平台", "en": "Sent by"}
HANDLED_THERE: Text = {"zh": "由平台办理", "en": "Handled on"}
_WORDS = {"urge", "rate"}
"""Steps that are told though the case stands as before."""


def case_moved(*, by: Actor, case: UUID, type: str, action: str, start: str, to: str) -> None:
    """Note for each platform that shares the case, but the one it comes from, what to tell it."""
    if type != REPORT_TYPE or action == IMPORTS or not platforms.platforms():
        return
    if action == "open":
        _to_send(by, case)
        return
    before, after = STATUS_OF_STATE.get(start, ""), STATUS_OF_STATE.get(to, "OPEN")
    if before == after and action not in _WORDS:
        return
    told = "REOPEN" if action == "reopen" else after
    for mirror in Mirror.objects.filter(case=case):
        found = platforms.platforms().get(mirror.platform)
        if found and platforms.is_told(found) and actor_text(by) != platforms.origin_of(found.code):
            steps = cases.case(case).steps
            Outgoing.objects.create(mirror=mirror, ordinal=steps, status=told)


def case_shown(*, case: UUID) -> list[tuple[Text, Text]]:
    """Which platforms share the case, who handles it, and its number there."""
    found: list[tuple[Text, Text]] = []
    for mirror in Mirror.objects.filter(case=case).order_by("made_at"):
        declared = platforms.platforms().get(mirror.platform)
        name: Text = declared.title if declared else {"en": mirror.platform}
        found.append(
            (HANDLED_HERE if mirror.is_handled_here else HANDLED_THERE, named(name, mirror))
        )
    return found


def named(name: Text, mirror: Mirror) -> Text:
    """A platform with the case's number there, in each language; the state where it has none."""
    number = mirror.foreign_id or mirror.state
    return {language: f"{word} · {number}" for language, word in name.items()}


def _to_send(by: Actor, case: UUID) -> None:
    if not any(map(platforms.is_told, platforms.platforms().values())):
        return
    row = cases.case(case)
    for found in platforms.platforms_at(row.place_id):
        if platforms.is_told(found) and actor_text(by) != platforms.origin_of(found.code):
            Mirror.objects.create(platform=found.code, case=row, state=Sending.WAITING)
