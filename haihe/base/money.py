"""Money is a whole number of fen (1/100 yuan, or of the city's currency)."""

from __future__ import annotations

from decimal import Decimal
from typing import NewType

from haihe.base.errors import BadInput

Fen = NewType("Fen", int)


def fen(amount: str) -> Fen:
    """Fen from a decimal text; refuses fractions of a fen.

    >>> fen("12.34")
    1234
    """
    value = Decimal(amount) * 100
    if value != value.to_integral_value():
        raise BadInput(f"{amount} has more than two decimals.")
    return Fen(int(value))


def shown(amount: Fen) -> str:
    """Text of an amount, with thousands marked.

    >>> shown(Fen(123456789))
    '1,234,567.89'
    """
    return f"{Decimal(amount) / 100:,.2f}"
