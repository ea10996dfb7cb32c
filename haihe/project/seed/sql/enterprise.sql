-- One enterprise a twenty people. The representative is one of them.
with owned as (
    select e as n, 1 + pick(e, 'representative', getvariable('people')) as owner,
        pick(e, 'seat', (select count(*) from division)) as position,
        pick(e, 'trade', 8) + 1 as trade
    from range(1, greatest(2, getvariable('people') // 20) + 1) as numbers (e)
)
select owned.n,
    enterprise_number(owned.n, division.district, '91') as credit_code,
    word('海河示例', 'Sample ') || word(
        ['食品', '商贸', '科技', '建筑', '物流', '餐饮', '机械', '文化'][trade],
        ['Foods', 'Trading', 'Software', 'Builders', 'Freight', 'Kitchens', 'Machines', 'Press'][trade]
    ) || lpad(owned.n::varchar, 6, '0') || word('有限公司', ' Ltd') as name,
    person.name as legal_representative,
    ['1469', '5122', '6513', '4710', '5432', '6210', '3490', '8810'][trade] as industry,
    (10 + pick(owned.n, 'capital', 5000)) * 1000000 as registered_capital_fen,
    day_after(date '1998-01-01', owned.n, 'established', 10000) as established_on,
    division.code as division,
    division.address || word('', ', ') || (pick(owned.n, 'house', 300) + 1)::varchar || word('号', '') as address,
    case when chance(owned.n, 'state') < 0.9 then word('存续', 'active') else word('注销', 'closed') end as status,
    getvariable('as_of')::timestamp - to_seconds(pick(owned.n, 'enterprise updated', 15000000)) as updated_at
from owned join division using (position) join person on person.n = owned.owner
order by owned.n
