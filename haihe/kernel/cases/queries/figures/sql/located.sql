-- Reports with a point, filed in a time below a division, in WGS-84 and in square cells. Those
-- withdrawn or not opened are left out. GCJ-02 is undone by one step back along its series (the one
-- of engine.geometry), which is within five metres; CGCS2000 is taken for WGS-84, as there.
-- Columns: id, opened_at, category, is_category, heading (the citizen's category), place_id, solved,
-- open, is_merged, lon, lat (degrees), y, x (cell).
, located as (
    select
        c.id,
        c.opened_at,
        c.category,
        item.kind = 'category' as is_category,
        coalesce(case item.kind when 'category' then item.code else item.category_id end, '')
            as heading,
        c.place_id,
        c.state = any(%(solved)s) as solved,
        c.ended_at is null and not c.state = any(%(solved)s) as open,
        c.duplicate_of_id is not null as is_merged,
        c.lon - case when is_shifted then degrees(
            (300 + u + 2 * v + 0.1 * u * u + 0.1 * u * v + 0.1 * sqrt(abs(u))
                + (20 * sin(6 * pi() * u) + 20 * sin(2 * pi() * u)) * 2 / 3
                + (20 * sin(pi() * u) + 40 * sin(pi() * u / 3)) * 2 / 3
                + (150 * sin(pi() * u / 12) + 300 * sin(pi() * u / 30)) * 2 / 3)
            / (6378245.0 / sqrt(magic) * cos(radians(c.lat)))
        ) else 0 end as lon,
        c.lat - case when is_shifted then degrees(
            (-100 + 2 * u + 3 * v + 0.2 * v * v + 0.1 * u * v + 0.2 * sqrt(abs(u))
                + (20 * sin(6 * pi() * u) + 20 * sin(2 * pi() * u)) * 2 / 3
                + (20 * sin(pi() * v) + 40 * sin(pi() * v / 3)) * 2 / 3
                + (160 * sin(pi() * v / 12) + 320 * sin(pi() * v / 30)) * 2 / 3)
            / (6378245.0 * (1 - 0.00669342162296594323) / (magic * sqrt(magic)))
        ) else 0 end as lat
    from cases_case c
    left join below on below.code = c.place_id
    left join cases_item item on item.code = c.category
    cross join lateral (
        select
            c.lon - 105.0 as u,
            c.lat - 35.0 as v,
            1 - 0.00669342162296594323 * power(sin(radians(c.lat)), 2) as magic,
            c.datum = 'GCJ-02' and c.lon between 72.004 and 137.8347
                and c.lat between 0.8293 and 55.8271 as is_shifted
    ) series
    where c.opened_at >= %(begin)s and c.opened_at < %(until)s
        and c.version_id = any(%(versions)s)
        and c.lat is not null
        and not c.state = any(array[%(refused)s, %(withdrawn)s])
        and (%(division)s = '' or below.code is not null)
)
, celled as (
    select
        *,
        floor(lat * 111320.0 / %(cell)s)::bigint as y,
        floor(lon * 111320.0 * %(narrow)s / %(cell)s)::bigint as x
    from located
)
