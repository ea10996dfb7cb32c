-- One home of seven households in ten, owned by the head.
select household as n,
    'P' || lpad(shuffled(household, 90000000)::varchar, 12, '0') as certificate_number,
    person_number as owner_number, address,
    round(40 + chance(household, 'area') * 120, 2)::decimal(18, 2) as area_m2,
    word('住宅', 'home') as usage,
    chance(household, 'mortgage') < 0.3 as is_mortgaged,
    day_after(date '2000-01-01', household, 'bought', 9000) as registered_on,
    getvariable('as_of')::timestamp - to_seconds(pick(household, 'property updated', 15000000)) as updated_at
from person
where place_in_household = 1 and chance(household, 'owns') < 0.7
order by household
