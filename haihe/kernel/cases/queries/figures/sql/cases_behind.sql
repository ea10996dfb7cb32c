-- The reports behind one count of one unit, or of all for '*', the newest first. Column: id.
select id
from counted
where (%(part)s = '*' or part = %(part)s)
    and case %(measure)s
        when 'filed' then true
        when 'led' then led
        when 'to_answer' then to_answer
        when 'answered_in_time' then answered_in_time
        when 'solved' then solved
        when 'overdue' then overdue
        when 'open' then open
        when 'refused' then refused
        when 'withdrawn' then withdrawn
        when 'rated' then rated
        when 'satisfied' then satisfied
        when 'sent_back' then sent_back
        when 'reopened' then reopened
    end
order by opened_at desc, id desc
limit %(most)s offset %(after)s
