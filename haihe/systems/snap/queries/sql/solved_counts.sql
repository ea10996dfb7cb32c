-- How many were handled. Columns: category, district, solved.
select category, district, count(*) as solved
from shown
group by category, district
