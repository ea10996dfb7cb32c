-- Food licences: of four enterprises in ten.
select n,
    'JY' || lpad(shuffled(n, 90000000)::varchar, 12, '0') as licence_number,
    credit_code, name as holder,
    word(['食品销售经营者', '餐饮服务经营者', '单位食堂'][pick(n, 'licence kind', 3) + 1],
        ['retail', 'catering', 'canteen'][pick(n, 'licence kind', 3) + 1]) as kind,
    word(['预包装食品销售', '热食类食品制售', '冷食类食品制售'][pick(n, 'licence scope', 3) + 1],
        ['packed food', 'hot meals', 'cold meals'][pick(n, 'licence scope', 3) + 1]) as scope,
    day_after(date '2021-01-01', n, 'licensed', 2000) as issued_on,
    (day_after(date '2021-01-01', n, 'licensed', 2000) + interval 5 year)::date as valid_until,
    case when day_after(date '2021-01-01', n, 'licensed', 2000) + interval 5 year >= getvariable('as_of')
        then word('有效', 'valid') else word('过期', 'expired') end as status,
    updated_at
from enterprise
where chance(n, 'licensed at all') < 0.4
order by n
