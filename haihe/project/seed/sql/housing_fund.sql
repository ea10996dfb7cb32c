-- Eight of ten who are insured pay into the housing fund.
select social_insurance.n,
    'GJJ' || lpad(shuffled(social_insurance.n, 90000000)::varchar, 9, '0') as account_number,
    social_insurance.person_number, person.name, employer_code,
    base_fen * 12 // 100 * 2 as monthly_fen,
    base_fen * 24 // 100 * least(months_paid, 60) as balance_fen,
    insured_since as opened_on,
    case when social_insurance.status in ('正常参保', 'insured')
        then word('正常', 'open') else word('封存', 'sealed') end as status,
    social_insurance.updated_at + interval 1 hour as updated_at
from social_insurance join person using (n)
where chance(social_insurance.n, 'fund') < 0.8
order by social_insurance.n
