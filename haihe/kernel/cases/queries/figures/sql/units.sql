-- Figures of each unit. Columns: part, one count a measure, median_hours (null where none is solved).
select
    part,
    count(*) as filed,
    count(*) filter (where led) as led,
    count(*) filter (where to_answer) as to_answer,
    count(*) filter (where answered_in_time) as answered_in_time,
    count(*) filter (where solved) as solved,
    count(*) filter (where overdue) as overdue,
    count(*) filter (where open) as open,
    count(*) filter (where refused) as refused,
    count(*) filter (where withdrawn) as withdrawn,
    count(*) filter (where rated) as rated,
    count(*) filter (where satisfied) as satisfied,
    count(*) filter (where sent_back) as sent_back,
    count(*) filter (where reopened) as reopened,
    percentile_cont(0.5) within group (order by hours) filter (where solved) as median_hours
from counted
group by part
order by part
