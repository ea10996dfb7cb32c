-- One row a person, by number n. Household: two or three people who live together.
with placed as (
    select n, n * 10 // 26 as household,
        row_number() over (partition by n * 10 // 26 order by n) as place_in_household,
        pick(n * 10 // 26, 'division', leaves) as position,
        pick(n, 'sex', 2) as is_male
    from range(1, getvariable('people') + 1) as numbers (n)
        cross join (select count(*) as leaves from division)
),
aged as (
    select placed.*, division.code as division, division.district, division.address as street,
        case when place_in_household = 1
            then day_after(date '1945-01-01', n, 'born', 20000)
            else day_after(date '1938-01-01', n, 'born', 31500) end as born
    from placed join division using (position)
),
counted as (
    select aged.*, row_number() over (
        partition by district, born, is_male order by n) * 2 - is_male as running
    from aged
)
select n, household, place_in_household, district, born,
    person_number(n, district, born, running) as person_number,
    made_up_name(n, case when place_in_household = 2 then -household else household end) as name,
    case when is_male = 1 then word('男', 'M') else word('女', 'F') end as sex,
    born as birth_date,
    division,
    street || word('', ', ') || (pick(household, 'house', 200) + 1)::varchar || word('号', '') as address,
    word('H', 'H') || lpad(household::varchar, 9, '0') as household_number,
    '1000' || lpad(pick(n, 'phone', 10000000)::varchar, 7, '0') as phone,
    ['A', 'B', 'O', 'AB'][pick(n, 'blood', 4) + 1] as blood_type,
    greatest(born, day_after(date '1985-01-01', n, 'registered', 14000)) as registered_on,
    getvariable('as_of')::timestamp - to_seconds(pick(n, 'person updated', 15000000)) as updated_at
from counted
order by n
