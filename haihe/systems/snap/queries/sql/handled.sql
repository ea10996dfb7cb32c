-- Reports filed since a moment that were handled, in categories that the city shows.
-- Columns: report (id), made_at, category (the citizen's), district (code, '' where there is none).
with recursive below (code, district) as (
    select code::text, code::text from places_division where level = 1
    union all
    select d.code::text, below.district from places_division d join below on d.parent_id = below.code
)
, handled as (
    select
        r.case_id as report,
        r.made_at,
        coalesce(
            case item.kind when 'category' then item.code else item.category_id end, c.category
        ) as category,
        coalesce(below.district, '') as district
    from snap_snapreport r
    join cases_case c on c.id = r.case_id
    left join cases_item item on item.code = c.category
    left join below on below.code = c.place_id
    where r.made_at >= %(since)s and r.forgotten_at is null and c.state = any(%(states)s)
)
, shown as (
    select *
    from handled
    where not category = any(%(kept_back)s)
        and %(category)s in ('', category) and %(district)s in ('', district)
)
