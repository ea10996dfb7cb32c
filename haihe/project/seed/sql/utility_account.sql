-- Six households of ten are customers of the network; the head's name is on the bill.
select household as n,
    'U' || lpad(shuffled(household, 90000000)::varchar, 10, '0') as account_number,
    person_number, name, address,
    day_after(date '2005-01-01', household, 'customer', 7000) as opened_on,
    case when chance(household, 'arrears') < 0.05 then pick(household, 'owed', 200000) else 0 end as arrears_fen,
    word('正常', 'open') as status,
    getvariable('as_of')::timestamp - to_seconds(pick(household, 'utility updated', 15000000)) as updated_at
from person
where place_in_household = 1 and chance(household, 'customer') < 0.6
order by household
