-- The departments' parts in those reports: one row a report and department, however often it was
-- given. A part that was only taken away again counts as given, and in no rate.
-- Columns: as filed, with part the department's code; led.
, counted as (
    select
        f.id,
        f.opened_at,
        t.department_id as part,
        bool_or(t.role = 'lead') as led,
        f.withdrawn,
        f.refused,
        bool_or(t.state = 'done') and f.solved as solved,
        bool_or(t.state = 'open') as open,
        bool_or(t.state = 'open' and t.due < %(now)s) as overdue,
        bool_or(t.state = 'done' or t.send_backs > 0 or t.is_late or t.due < %(now)s) as to_answer,
        bool_or(t.state = 'done' or t.send_backs > 0)
            and not bool_or(t.is_late or coalesce(t.due < %(now)s, false)) as answered_in_time,
        f.rated and bool_or(t.role = 'lead' and t.state = 'done') as rated,
        f.satisfied and bool_or(t.role = 'lead' and t.state = 'done') as satisfied,
        bool_or(t.send_backs > 0) as sent_back,
        f.reopened,
        case when f.solved then
            extract(epoch from max(t.ended_at) filter (where t.state = 'done') - min(t.opened_at))
                / 3600.0
        end as hours
    from filed f join cases_task t on t.case_id = f.id
    group by f.id, f.opened_at, t.department_id, f.withdrawn, f.refused, f.solved, f.rated,
        f.satisfied, f.reopened
)
