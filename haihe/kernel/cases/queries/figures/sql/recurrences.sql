-- Places where the same was reported again: each by its newest report in the time, with how often it
-- came within the days before. Reports merged into another are the same time. A report whose item is
-- not named yet is taken for any of its category.
-- Columns: last (id), times, first_at, last_at, solved_before, earlier (ids), category, place, lon, lat.
, alone as (
    select * from celled where not is_merged and heading <> ''
)
, pairs as (
    select a.id as last, b.id as earlier, b.opened_at, b.solved
    from alone a
    cross join (values (-1), (0), (1)) north (step)
    cross join (values (-1), (0), (1)) east (step)
    join alone b on b.heading = a.heading and b.y = a.y + north.step and b.x = a.x + east.step
    where a.opened_at >= %(since)s
        and (b.opened_at, b.id) < (a.opened_at, a.id)
        and b.opened_at >= a.opened_at - make_interval(days => %(days)s)
        and (a.category = b.category or a.is_category or b.is_category)
        and 111320.0 * sqrt(
            power((b.lon - a.lon) * cos(radians(a.lat)), 2) + power(b.lat - a.lat, 2)
        ) <= %(metres)s
)
, chains as (
    select
        last,
        count(*) + 1 as times,
        min(opened_at) as first_at,
        count(*) filter (where solved) as solved_before,
        array_agg(earlier order by opened_at, earlier) as earlier
    from pairs
    group by last
    having count(*) + 1 >= %(least)s
)
select chains.last, chains.times, chains.first_at, alone.opened_at as last_at,
    chains.solved_before, chains.earlier, alone.category, alone.place_id as place,
    alone.lon, alone.lat
from chains join alone on alone.id = chains.last
where not exists (
    select from pairs join chains later on later.last = pairs.last
    where pairs.earlier = chains.last
)
order by chains.times desc, alone.opened_at desc, chains.last
limit %(most)s
