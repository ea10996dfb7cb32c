"""Builders of the grid pages' tests: a worker on duty all week in the first grids of a district."""

from __future__ import annotations

from datetime import time
from io import BytesIO
from uuid import UUID

from PIL import Image

from haihe.base.actor import Actor
from haihe.base.registry import registry
from haihe.kernel.cases import actions as cases
from haihe.kernel.cases.models import Case
from haihe.kernel.org import actions as org
from haihe.kernel.org.models import Account, Officer, Post, Posting
from haihe.kernel.org.shift_declare import Span
from haihe.project.demo.grids import make_grids
from haihe.project.pack.load import loader
from haihe.systems.grid.queries.walks import middle_of
from tests.pages.cities import officer

FIRST, SECOND = "D01W01G01", "D01W01G02"
ALWAYS = [Span(day, time(0), time(0)) for day in range(1, 10)]
FOUNDER = Actor("administrator", "setup", permissions=frozenset(registry.permissions))
VISITOR = Actor("visitor", "somebody")


def post_of(account: Account) -> Post:
    """The one post of an account's officer."""
    return Posting.objects.get(officer__account=account).post


def of(account: Account) -> Officer:
    """The officer behind an account."""
    return Officer.objects.get(account=account)


def worker(name: str, *grids: str) -> Account:
    """A grid worker of the district who is always on shift in the grids."""
    may = ("cases.handle", "files.store")
    made = officer("oldbridge", name, permissions=may)
    org.cover_grids(by=FOUNDER, post=post_of(made), grids=grids)
    org.plan_week(by=FOUNDER, post=post_of(made), spans=ALWAYS)
    return made


def gridded() -> None:
    """Make the city's grids."""
    make_grids(by=loader())


def reported(grid: str = FIRST) -> Case:
    """A report in a grid, for whoever is on duty there."""
    point = middle_of(grid)
    assert point is not None
    return cases.file_report(
        by=VISITOR, point=point, category="public", title="A lamp", source="snap"
    )


def photo(colour: int = 90) -> bytes:
    """A small JPEG."""
    out = BytesIO()
    Image.new("RGB", (8, 8), (colour, 90, 90)).save(out, "JPEG")
    return out.getvalue()


def key(number: int) -> UUID:
    """A phone's key."""
    return UUID(int=number + 1, version=4)
