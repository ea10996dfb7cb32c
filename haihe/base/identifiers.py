"""Identity numbers and credit codes, checked by their check digits alone.

A scheme says how a number is checked in Python and, for whole tables, in DuckDB SQL. Place rules
are left out on purpose: they refuse real people whose county was renamed (evidence: Jinghai,
Ninghe, Dongguan, residence permits of Hong Kong, Macao and Taiwan).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from haihe.base.errors import NotFound


@dataclass(frozen=True)
class Scheme:
    """One kind of number. ``of`` is ``person`` or ``enterprise``.

    ``sql`` is a DuckDB boolean expression over ``{x}`` (text, trimmed, in capitals, not null).
    """

    name: str
    of: str
    is_valid: Callable[[str], bool]
    sql: str
    source: str


def _person_number(number: str) -> bool:
    number = number.strip().upper()
    shape = len(number) == 18 and number[:17].isascii() and number[:17].isdigit()
    return shape and ric.calc_check_digit(number) == number[-1]


def _credit_code(number: str) -> bool:
    number = number.strip().upper()
    if len(number) != 18 or any(letter not in _USCC for letter in number):
        return False
    try:
        return bool(uscc.calc_check_digit(number[:17]) == number[-1])
    except ValidationError:
        return False


def _luhn(length: int) -> Callable[[str], bool]:
    def is_valid(number: str) -> bool:
        number = number.strip()
        if len(number) != length or not (number.isascii() and number.isdigit()):
            return False
        doubled = number[-2::-2].translate(_DOUBLED)
        return (sum(map(int, number[::-2])) + sum(map(int, doubled))) % 10 == 0

    return is_valid


_DOUBLED = str.maketrans("0123456789", "0246813579")
"""A digit, doubled, and its digits added: what each governed call reckons."""


_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ric_sum = " + ".join(
    f"{2 ** (17 - i) % 11} * cast(substr({{x}}, {i + 1}, 1) as integer)" for i in range(17)
)
_uscc_sum = " + ".join(
    f"{3**i % 31} * (strpos('{_USCC}', substr({{x}}, {i + 1}, 1)) - 1)" for i in range(17)
)


def _luhn_sql(length: int) -> str:
    terms = []
    for i in range(length):
        digit = f"cast(substr({{x}}, {i + 1}, 1) as integer)"
        doubled = (length - i) % 2 == 0
        terms.append(f"(2 * {digit}) // 10 + (2 * {digit}) % 10" if doubled else digit)
    total = " + ".join(terms)
    shape = f"regexp_full_match({{x}}, '[0-9]{{{{{length}}}}}')"
    return f"case when {shape} then ({total}) % 10 = 0 else false end"


SCHEMES: dict[str, Scheme] = {
    scheme.name: scheme
    for scheme in (
        Scheme(
            name="cn.person",
            of="person",
            is_valid=_person_number,
            sql="case when regexp_full_match({x}, '[0-9]{{17}}[0-9X]') then substr("
            f"'10X98765432', ({_ric_sum}) % 11 + 1, 1) = substr({{x}}, 18, 1) else false end",
            source="GB 11643-1999; check digit by ISO 7064 MOD 11-2",
        ),
        Scheme(
            name="cn.credit_code",
            of="enterprise",
            is_valid=_credit_code,
            sql=f"case when regexp_full_match({{x}}, '[{_USCC}]{{{{18}}}}') then substr('{_USCC}',"
            f" (31 - ({_uscc_sum}) % 31) % 31 + 1, 1) = substr({{x}}, 18, 1) else false end",
            source="GB 32100-2015",
        ),
        Scheme(
            name="luhn.person",
            of="person",
            is_valid=_luhn(10),
            sql=_luhn_sql(10),
            source="Invented for a small city: ten digits, ISO/IEC 7812 check digit",
        ),
        Scheme(
            name="luhn.enterprise",
            of="enterprise",
            is_valid=_luhn(9),
            sql=_luhn_sql(9),
            source="Invented for a small city: nine digits, ISO/IEC 7812 check digit",
        ),
    )
}


def scheme(name: str) -> Scheme:
    """The scheme of that name; ``haihe.not_found`` lists the known ones."""
    try:
        return SCHEMES[name]
    except KeyError:
        known = ", ".join(sorted(SCHEMES))
        raise NotFound(f"No identifier scheme {name!r}.", hint=f"Known: {known}.") from None


def is_valid(number: str, *, scheme_name: str) -> bool:
    """Whether the number's shape and check digit are right."""
    return scheme(scheme_name).is_valid(number)


def check_sql(column: str, *, scheme_name: str) -> str:
    """DuckDB expression that is true where ``column`` (an expression) holds a right number."""
    return scheme(scheme_name).sql.format(x=f"upper(trim({column}))")
