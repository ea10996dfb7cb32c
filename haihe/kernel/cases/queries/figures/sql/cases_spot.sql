-- The reports of one cell, the newest first. Column: id.
select id
from celled
where y = %(y)s and x = %(x)s
order by opened_at desc, id desc
limit %(most)s offset %(after)s
