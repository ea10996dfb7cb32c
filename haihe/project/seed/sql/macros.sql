-- What every made-up table uses: chance by number, words in the city's language, check digits.
-- Variables: people, language ('zh' or 'en'), as_of (date). All chance is a hash of a number and a
-- word, so that the same scale gives the same city everywhere.
create macro chance(n, word) as (hash(n, word) % 1000000)::double / 1000000;
create macro pick(n, word, size) as (hash(n, word) % size::ubigint)::bigint;
create macro word(zh, en) as case when getvariable('language') = 'en' then en else zh end;
create macro day_after(first, n, name, days) as (first + pick(n, name, days)::integer)::date;
create macro shuffled(n, size) as (n * 123456791::hugeint % size)::bigint;

-- ISO/IEC 7812: from the right, every second digit doubled, the sum a multiple of ten.
create macro luhn(body) as body || ((10 - list_sum(list_transform(range(length(body)), lambda i:
    case when (length(body) - i) % 2 = 1
        then (2 * substr(body, i + 1, 1)::integer) // 10 + (2 * substr(body, i + 1, 1)::integer) % 10
        else substr(body, i + 1, 1)::integer end)) % 10) % 10)::varchar;

-- GB 11643: ISO 7064 MOD 11-2 over 17 digits. Written out: a list would be ten times slower.
create macro citizen(body) as body || '10X98765432'[1 + (
    7 * (ascii(body[1]) - 48) + 9 * (ascii(body[2]) - 48) + 10 * (ascii(body[3]) - 48) + 5 *
    (ascii(body[4]) - 48) + 8 * (ascii(body[5]) - 48) + 4 * (ascii(body[6]) - 48) + 2 *
    (ascii(body[7]) - 48) + 1 * (ascii(body[8]) - 48) + 6 * (ascii(body[9]) - 48) + 3 *
    (ascii(body[10]) - 48) + 7 * (ascii(body[11]) - 48) + 9 * (ascii(body[12]) - 48) + 10 *
    (ascii(body[13]) - 48) + 5 * (ascii(body[14]) - 48) + 8 * (ascii(body[15]) - 48) + 4 *
    (ascii(body[16]) - 48) + 2 * (ascii(body[17]) - 48)) % 11];

-- GB 11714: eight letters or digits and a check digit.
create macro organisation(body) as body || substr('0X987654321', (list_sum(list_transform(range(8),
    lambda i: [3, 7, 9, 10, 5, 8, 4, 2][i + 1]
        * (strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', substr(body, i + 1, 1)) - 1)
    )) % 11)::integer + 1, 1);

-- GB 32100: 17 letters or digits and a check digit in base 31.
create macro credit_code(body) as body || substr('0123456789ABCDEFGHJKLMNPQRTUWXY',
    ((31 - list_sum(list_transform(range(17), lambda i: (3 ** i)::bigint % 31
        * (strpos('0123456789ABCDEFGHJKLMNPQRTUWXY', substr(body, i + 1, 1)) - 1))) % 31) % 31)::integer
    + 1, 1);

create macro made_up_name(n, family) as case when getvariable('language') = 'en' then
    (['Alder', 'Birch', 'Clover', 'Fern', 'Hazel', 'Heather', 'Holly', 'Ivy', 'Juniper', 'Laurel',
      'Linden', 'Maple', 'Myrtle', 'Olive', 'Poppy', 'Reed', 'Rowan', 'Sage', 'Sorrel', 'Willow'])
        [pick(n, 'given', 20) + 1] || ' ' ||
    (['Brook', 'Delta', 'Eddy', 'Ferry', 'Ford', 'Glen', 'Lake', 'Mere', 'Mill', 'Pond', 'Pool',
      'Quay', 'Rapid', 'Shoal', 'Spring', 'Stream', 'Tide', 'Wave', 'Weir', 'Well'])
        [pick(family, 'family', 20) + 1]
    else
    (['王', '李', '张', '刘', '陈', '杨', '赵', '黄', '周', '吴', '徐', '孙', '胡', '朱', '高', '林',
      '何', '郭', '马', '罗', '梁', '宋', '郑', '谢', '韩', '唐', '冯', '于', '董', '萧'])
        [pick(family, 'family', 30) + 1] ||
    (['立春', '雨水', '惊蛰', '春分', '清明', '谷雨', '立夏', '小满', '芒种', '夏至', '小暑', '大暑',
      '立秋', '处暑', '白露', '秋分', '寒露', '霜降', '立冬', '小雪', '大雪', '冬至', '小寒', '大寒',
      '海棠', '茉莉', '丁香', '石榴', '芙蓉', '玉兰', '紫薇', '腊梅', '半夏', '当归', '白芷', '连翘'])
        [pick(n, 'given', 36) + 1]
    end;
