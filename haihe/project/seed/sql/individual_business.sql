-- One individual business a twenty-five people; its operator is an adult.
with owned as (
    select b as n, 1 + shuffled(b, getvariable('people')) as operator
    from range(1, greatest(2, getvariable('people') // 25) + 1) as numbers (b)
)
select owned.n,
    enterprise_number(owned.n, person.district, '92') as credit_code,
    person.person_number as operator_number,
    person.name || word('示例', '''s sample ') || word(
        ['小吃店', '理发店', '便利店', '修理铺'][pick(owned.n, 'shop', 4) + 1],
        ['snacks', 'barber', 'corner shop', 'repairs'][pick(owned.n, 'shop', 4) + 1]) as name,
    word(
        ['餐饮服务', '居民服务', '食品销售', '日用品修理'][pick(owned.n, 'shop', 4) + 1],
        ['catering', 'personal services', 'food retail', 'repairs'][pick(owned.n, 'shop', 4) + 1]) as scope,
    day_after(date '2008-01-01', owned.n, 'opened', 6500) as established_on,
    person.division,
    case when chance(owned.n, 'state') < 0.85 then word('存续', 'active') else word('注销', 'closed') end as status,
    getvariable('as_of')::timestamp - to_seconds(pick(owned.n, 'business updated', 15000000)) as updated_at
from owned join person on person.n = owned.operator
where person.born < date '2005-01-01'
order by owned.n
