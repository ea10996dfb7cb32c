-- Reports filed in a time below a division, each with what figures count of it. The index over the
-- moment of filing bounds what is read; first is the clock of verifying, waiting that of rating.
-- Columns: id, opened_at, part, one truth value a measure, hours (from filing to the answer).
, filed as (
    select
        c.id,
        c.opened_at,
        coalesce(below.part, '') as part,
        c.state = %(withdrawn)s as withdrawn,
        c.state = %(refused)s as refused,
        c.state = any(%(solved)s) as solved,
        c.ended_at is null and not c.state = any(%(solved)s) as open,
        c.ended_at is null and not c.state = any(%(solved)s) and c.due < %(now)s as overdue,
        c.state <> %(withdrawn)s
            and (first.state = 'ended' or first.due < %(now)s) as to_answer,
        c.state <> %(withdrawn)s
            and first.state = 'ended' and first.left_seconds > 0 as answered_in_time,
        c.rating is not null as rated,
        c.rating >= %(satisfied)s as satisfied,
        c.send_backs > 0 as sent_back,
        c.reopenings > 0 as reopened,
        case when c.state = any(%(solved)s) then
            extract(epoch from coalesce(waiting.started, c.ended_at) - c.opened_at) / 3600.0
        end as hours
    from cases_case c
    left join below on below.code = c.place_id
    left join cases_clock first
        on first.case_id = c.id and first.name = %(first)s and first.task_id is null
    left join cases_clock waiting
        on waiting.case_id = c.id and waiting.name = %(waiting)s and waiting.task_id is null
    where c.opened_at >= %(since)s and c.opened_at < %(until)s
        and c.version_id = any(%(versions)s)
        and (%(division)s = '' or below.code is not null)
)
