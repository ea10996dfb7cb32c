"""What a journey needs to know of each city of the house: who asks whom for what, by what law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class City:
    """One city's codes and words (English). ``owners``: department and system of a service.

    ``corner``: a division that the account ``worker`` walks; ``item``: what a report there turns
    out to be, for whose departments the accounts ``lead`` and ``assisting`` handle it;
    ``checks_demands``: its authority checks the form of a demand first.
    """

    pack: str
    code: str
    resource: str
    provider: str
    fund: str
    fund_name: str
    purpose: str
    law: str
    forbids: str
    stranger: str
    other_purpose: str
    hardship: str
    number: str
    owners: Mapping[str, str]
    corner: str
    item: str
    lead: str
    assisting: str
    checks_demands: bool = False


RIVERTON = City(
    pack="riverton",
    code="RV",
    resource="welfare.disability",
    provider="welfare",
    fund="housing",
    fund_name="Riverton Housing Fund",
    purpose="housing.account_service",
    law="Riverton Housing Act, s. 13, para. 2",
    forbids="Riverton Privacy Act, s. 4 (health)",
    stranger="waterworks",
    other_purpose="welfare.means_check",
    hardship="housing.hardship_withdrawal",
    number=r"\b\d{10}\b",
    owners={
        "disability.holds_certificate": "welfare/welfare.support",
        "low_income.details": "welfare/welfare.support",
    },
    corner="D01W01",
    item="R105",
    lead="mender",
    assisting="inspector",
)
TIANJIN = City(
    pack="tianjin",
    code="12",
    resource="disabled_persons.disability",
    provider="disabled",
    fund="housing_fund",
    fund_name="Tianjin Housing Provident Fund Management Centre",
    purpose="housing_fund.account_service",
    law="《住房公积金管理条例》第二十四条",
    forbids="《中华人民共和国个人信息保护法》第二十八条、第二十九条（医疗健康属敏感个人信息）",
    stranger="human_resources",
    other_purpose="low_income.means_check",
    hardship="housing_fund.low_income_withdrawal",
    number=r"\b\d{17}[\dX]\b",
    owners={
        "disability.holds_certificate": "disabled_persons/disabled_persons.certificates",
        "low_income.details": "civil_affairs/civil_affairs.assistance",
    },
    corner="120101001",
    item="0602",
    lead="mender",
    assisting="builder",
    checks_demands=True,
)
CITIES = {city.pack: city for city in (RIVERTON, TIANJIN)}
