-- Everyone in three households of a hundred. The certificate is the person's own.
select n,
    'DB' || lpad(household::varchar, 9, '0') || '-' || place_in_household::varchar as certificate_number,
    person_number, name, household_number,
    word('城镇低保', 'city support') as category,
    (600 + pick(n, 'support', 600)) * 100 as monthly_amount_fen,
    day_after(date '2022-01-01', household, 'approved', 1500) as approved_on,
    day_after(date '2026-12-31', household, 'support ends', 365) as valid_until,
    case when chance(household, 'supported now') < 0.9
        then word('在保', 'supported') else word('停保', 'ended') end as status,
    '000000' || lpad(pick(household, 'account', 1000000000)::varchar, 13, '0') as bank_account,
    getvariable('as_of')::timestamp - to_seconds(pick(n, 'support updated', 15000000)) as updated_at
from person
where chance(household, 'low income') < 0.03
order by n
