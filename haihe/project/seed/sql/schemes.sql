-- Numbers by scheme. A city names two of them in city.toml.
-- born and sex stand in a citizen's number; the running number is odd for men, even for women.
create macro cn_person(n, district, born, running) as
    citizen(district || strftime(born, '%Y%m%d') || lpad(running::varchar, 3, '0'));
create macro luhn_person(n, district, born, running) as
    luhn((100000000 + shuffled(n, 900000000))::varchar);
-- Organisation numbers begin with XX, which the real ones never do.
create macro cn_credit_code(n, district, kind) as
    credit_code(kind || district || organisation('XX' || lpad(n::varchar, 6, '0')));
create macro luhn_enterprise(n, district, kind) as
    luhn((10000000 + shuffled(n + case when kind = '92' then 45000000 else 0 end, 90000000))::varchar);
