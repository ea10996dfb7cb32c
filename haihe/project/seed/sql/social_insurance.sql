-- Who works: adults between 20 and 60 of whom seven in ten are employed.
with size as (select count(*) as enterprises from enterprise),
employed as (
    select n, person_number, 1 + pick(n, 'employer', enterprises) as employer
    from person cross join size
    where born between date '1966-01-01' and date '2005-12-31' and chance(n, 'works') < 0.7
)
select employed.n, person_number, enterprise.credit_code as employer_code,
    (3000 + pick(employed.n, 'wage', 20000)) * 100 as base_fen,
    12 + pick(employed.n, 'months', 300) as months_paid,
    day_after(date '2000-01-01', employed.n, 'insured', 9000) as insured_since,
    case when chance(employed.n, 'insured now') < 0.92
        then word('正常参保', 'insured') else word('暂停参保', 'suspended') end as status,
    getvariable('as_of')::timestamp - to_seconds(pick(employed.n, 'insurance updated', 15000000)) as updated_at
from employed join enterprise on enterprise.n = employed.employer
order by employed.n
