-- The cells with most reports. Columns: y, x; filed, open; place (where most of them lie); by_heading
-- (JSON object, count by the citizen's category). Cells below the least are not told.
, spots as (
    select
        y,
        x,
        count(*) as filed,
        count(*) filter (where open) as open,
        mode() within group (order by place_id) as place
    from celled
    group by y, x
    having count(*) >= %(least)s
    order by count(*) desc, y, x
    limit %(most)s
)
, headings as (
    select y, x, heading, count(*) as filed from celled group by y, x, heading
)
select spots.y, spots.x, spots.filed, spots.open, spots.place,
    jsonb_object_agg(headings.heading, headings.filed) as by_heading
from spots join headings on headings.y = spots.y and headings.x = spots.x
group by spots.y, spots.x, spots.filed, spots.open, spots.place
order by spots.filed desc, spots.y, spots.x
