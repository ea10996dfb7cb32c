-- Reports filed, by day or week of the city's time and by category or class.
-- Columns: day (the week's Monday); heading (an item's code, '' where it has none); filed.
select
    date_trunc(%(step)s, c.opened_at at time zone %(zone)s)::date as day,
    coalesce(
        case %(heading)s
            when 'class' then case item.kind when 'class' then item.code else item.parent_id end
            else case item.kind when 'category' then item.code else item.category_id end
        end, ''
    ) as heading,
    count(*) as filed
from cases_case c
left join below on below.code = c.place_id
left join cases_item item on item.code = c.category
where c.opened_at >= %(since)s and c.opened_at < %(until)s
    and c.version_id = any(%(versions)s)
    and (%(division)s = '' or below.code is not null)
group by 1, 2
order by 1, 2
