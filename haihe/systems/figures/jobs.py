"""Figures by the clock: each Monday the report of the week that is over."""

from __future__ import annotations

from django.conf import settings
from procrastinate.contrib.django import app

from haihe.base.actor import Actor
from haihe.kernel.places import queries as places
from haihe.systems.figures import actions, queries

FILER = Actor(
    "clock", "figures.weekly", permissions=frozenset({"figures.weekly.file", "files.store"})
)


@app.periodic(cron="20 */3 * * *")
@app.task(name="figures.file_weekly", queueing_lock="figures.file_weekly")
def file_weekly(timestamp: int = 0) -> int:
    """File the last week's report of the city and of each district, where it is missing; how many.

    Asked every three hours, so that a Monday on which nothing ran is made up for.
    """
    [week], language = queries.past_weeks(1), settings.LANGUAGE_CODE
    wanted = ["", *(each.code for each in places.divisions(1))]
    missing = [each for each in wanted if not queries.has_weekly(week, each, language)]
    for division in missing:
        actions.file_weekly(by=FILER, week=week, division=division, language=language)
    return len(missing)
