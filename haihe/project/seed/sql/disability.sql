-- Two people of a hundred. The certificate's number is the person's with category and grade.
select n,
    person_number || (pick(n, 'disability', 7) + 1)::varchar || (pick(n, 'grade', 4) + 1)::varchar
        as certificate_number,
    person_number, name,
    word(['视力', '听力', '言语', '肢体', '智力', '精神', '多重'][pick(n, 'disability', 7) + 1],
        ['sight', 'hearing', 'speech', 'limbs', 'mind', 'psychic', 'several'][pick(n, 'disability', 7) + 1])
        as category,
    pick(n, 'grade', 4) + 1 as grade,
    word('示例诊断', 'sample diagnosis') || ' ' || pick(n, 'diagnosis', 100)::varchar as diagnosis,
    day_after(date '2017-01-01', n, 'certified', 3000) as issued_on,
    (day_after(date '2017-01-01', n, 'certified', 3000) + interval 10 year)::date as valid_until,
    word('有效', 'valid') as status,
    getvariable('as_of')::timestamp - to_seconds(pick(n, 'disability updated', 15000000)) as updated_at
from person
where chance(n, 'disabled') < 0.02
order by n
