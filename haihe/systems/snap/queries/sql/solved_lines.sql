-- The newest that were handled. Columns: report, category, district.
select report, category, district
from shown
order by made_at desc, report desc
limit %(most)s
