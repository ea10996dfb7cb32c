-- One row a household; the head is its first person.
select household as n,
    any_value(household_number order by n) as household_number,
    any_value(person_number order by place_in_household) as head_number,
    count(*) as members,
    any_value(division order by n) as division,
    any_value(address order by n) as address,
    max(updated_at) as updated_at
from person
group by household
order by household
