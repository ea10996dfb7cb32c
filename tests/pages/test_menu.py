"""The officers' menu: in one row while it is short, by area where it is long."""

from __future__ import annotations

from haihe.ui.menu import FEW, Item, areas

DATA = {"zh": "数据共享", "en": "Data sharing"}


def _items(number: int, *, current: int = -1) -> list[Item]:
    """The first stands by itself, the others in one area."""
    return [
        Item({"en": str(n)}, f"/{n}/", "home", n == current, n, "blue", DATA if n else {})
        for n in range(number)
    ]


def test_a_short_menu_stands_in_one_row() -> None:
    menu = areas(_items(FEW))
    assert [area.title["en"] for area in menu] == [str(n) for n in range(FEW)]
    assert not any(area.is_shared for area in menu)


def test_a_long_menu_is_shown_by_area_and_loses_no_entry() -> None:
    menu = areas(_items(FEW + 1, current=3))
    assert [area.title["en"] for area in menu] == ["0", "Data sharing"]
    assert [area.is_current for area in menu] == [False, True]
    assert menu[1].first.address == "/1/"
    assert [item.address for area in menu for item in area.items] == [
        f"/{n}/" for n in range(FEW + 1)
    ]


def test_an_area_of_one_entry_bears_the_entrys_own_name() -> None:
    alone = _items(FEW + 1)
    alone = [
        alone[1],
        *[Item(i.title, i.address, i.icon, False, i.rank, i.tone, {}) for i in alone[2:]],
    ]
    alone.append(_items(1)[0])
    assert not any(area.is_shared for area in areas(alone))
    assert areas(alone)[0].title == {"en": "1"}
