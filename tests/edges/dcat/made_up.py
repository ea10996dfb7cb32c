"""Made-up catalogues: a small one by hand, and any that hypothesis can think of."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from haihe.edges.dcat import (
    Agent,
    Catalogue,
    Concept,
    Contact,
    DataService,
    Dataset,
    Distribution,
    Item,
    Page,
)
from haihe.edges.dcat.terms import address, clean
from haihe.edges.dcat.vocabulary import CYCLES, MODES, OPEN_CLASSES, SHARING_CLASSES

HOME = "https://data.riverton.example"
LAND = Agent({"zh": "规划资源局", "en": "Land office"}, f"{HOME}/org/land", "11120000MB1A2B3C4D")
CITY = Catalogue(
    f"{HOME}/catalogue",
    {"en": "Riverton's catalogue", "zh": "河湾市目录"},
    {"en": "All that departments share.", "zh": "各部门共享的信息资源。"},
    LAND,
    homepage=f"{HOME}/",
    licence="https://creativecommons.org/licenses/by/4.0/",
    languages=("en", "zh"),
    modified=datetime(2026, 11, 20, 8, 30, tzinfo=UTC),
)
CLASS = Concept(f"{HOME}/class/3-02", "3-02", f"{HOME}/classes", {"zh": "规划资源类"})


def parcels(number: int = 1, **changed: Any) -> Dataset:
    """A dataset that says everything."""
    here = f"{HOME}/dataset/{number}"
    found = Dataset(
        address=here,
        identifier=f"302/{number:06}",
        title={"en": "Parcels of land", "zh": "宗地"},
        description={"zh": "全市宗地的\n“四至”与权利人。"},
        publisher=LAND,
        contact=Contact({"zh": "数据处"}, "data@land.example", "+86 22 1234"),
        themes=(CLASS,),
        keywords={"zh": ("不动产", "宗地")},
        sharing_class="conditional",
        sharing_condition="办理不动产登记",
        open_class="closed",
        cycle="half_yearly",
        issued=date(2025, 8, 1),
        modified=datetime(2026, 11, 20, 8, 30, tzinfo=UTC),
        related=(f"302/{number + 1:06}", f"{HOME}/dataset/0"),
        version="3",
        version_notes={"zh": "增加信息项"},
        items=(
            Item("parcel_no", {"zh": "宗地代码"}, "text", 19, is_key=True, is_required=True),
            Item("area", {"zh": "面积"}, "decimal", sharing_class="unconditional"),
        ),
        distributions=(
            Distribution(
                "interface",
                f"{HOME}/api/{number}",
                title={"zh": "查询接口"},
                service=DataService(
                    f"{HOME}/api/{number}", {"zh": "宗地查询"}, f"{HOME}/service/{number}"
                ),
            ),
            Distribution("file", f"{here}/file", format="CSV", media_type="text/csv"),
        ),
        landing_page=f"{here}/about",
        format="database",
        format_detail="PostgreSQL",
        is_source=True,
    )
    return replace(found, **changed)


def page(*datasets: Dataset, **changed: Any) -> Page:
    """A page of the small catalogue."""
    return replace(Page(CITY, datasets or (parcels(),)), **changed)


TEXT = st.text(
    st.characters() | st.sampled_from("\t\n\r\0\x0b&<>\"'\\“😀宗]\ud800\ufffe"), max_size=16
)
WORD = TEXT.filter(clean)
TEXTS = st.dictionaries(st.sampled_from(["zh", "en", "zh-Hans", "und"]), TEXT, max_size=3)
TAILS = st.text(st.characters() | st.sampled_from(' %#[]<>"\\{}|^`/?:@宗😀'), max_size=10)
LINKS = st.just("") | st.builds(
    "".join, st.tuples(st.sampled_from(["https://a.example/", "urn:x:", "mailto:"]), TAILS)
)
DAYS = (
    st.none()
    | st.dates(date(1990, 1, 1), date(2090, 1, 1))
    | st.datetimes(
        datetime(1990, 1, 1),  # noqa: DTZ001 - the zone is given beside
        datetime(2090, 1, 1),  # noqa: DTZ001 - as above
        timezones=st.just(UTC),
    )
)
SHARED = st.sampled_from(["", *SHARING_CLASSES])
SOME_MODES = st.lists(st.sampled_from(MODES), unique=True).map(sorted).map(tuple)
KEYWORDS = st.dictionaries(
    st.sampled_from(["zh", "en"]), st.lists(TEXT, max_size=3).map(tuple), max_size=2
)
ITEMS = st.builds(
    Item, WORD, TEXTS, TEXT, st.none() | st.integers(0, 99999), SHARED, TEXT, SOME_MODES,
    st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.booleans(), TEXT, TEXT, TEXT,
)  # fmt: skip
CONTACTS = st.none() | st.builds(Contact, TEXTS, TEXT, TEXT, LINKS)
FORMATS = st.sampled_from(["", "CSV", "csv", "库表", f"{HOME}/format"])
MEDIA_TYPES = st.sampled_from(["", "text/csv", "表/格", "application/vnd.x+json"])


@st.composite
def distributions(draw: st.DrawFn, name: str) -> Distribution:
    """One way of delivery; ``name`` makes its addresses its own."""
    service = st.builds(
        DataService, LINKS, TEXTS, st.sampled_from(["", f"{name}/service"]), TEXTS, LINKS
    )
    return draw(
        st.builds(
            Distribution, st.sampled_from(MODES), LINKS, st.sampled_from(["", name]), LINKS,
            FORMATS, MEDIA_TYPES, TEXTS, LINKS | TEXT, st.none() | service,
        )
    )  # fmt: skip


@st.composite
def pages(draw: st.DrawFn) -> Page:
    """Any page: what bears the same address is the same."""
    agents = [
        draw(st.builds(Agent, TEXTS, st.just(where), TEXT, LINKS))
        for where in (f"{HOME}/org/1", f"{HOME}/org/宗 2", "")
    ]
    concepts = [
        draw(st.builds(Concept, st.just(f"{HOME}/class/{each}"), TEXT, LINKS, TEXTS))
        for each in range(2)
    ]
    publisher = st.none() | st.sampled_from(agents)
    themes = st.lists(st.sampled_from(concepts), unique_by=id, max_size=2).map(tuple)
    datasets = []
    for each in range(draw(st.integers(0, 2))):
        ways = [
            draw(distributions(f"{HOME}/{each}/{way}")) for way in range(draw(st.integers(0, 2)))
        ]
        datasets.append(
            draw(
                st.builds(
                    Dataset, st.just(f"{HOME}/dataset/{each}"), WORD, TEXTS, TEXTS, publisher,
                    CONTACTS, themes, KEYWORDS, SHARED, TEXT, st.sampled_from(["", *OPEN_CLASSES]),
                    TEXT, st.sampled_from(["", *CYCLES]), DAYS, DAYS,
                    st.lists(TEXT | LINKS, max_size=2).map(tuple), TEXT, TEXTS,
                    st.lists(ITEMS, max_size=2).map(tuple), st.just(tuple(ways)), LINKS, TEXT, TEXT,
                    st.booleans(), LINKS, st.lists(LINKS, max_size=2).map(tuple),
                )
            )
        )  # fmt: skip
    catalogue = draw(
        st.builds(
            Catalogue, st.just(f"{HOME}/catalogue"), TEXTS, TEXTS, publisher, LINKS, LINKS | TEXT,
            st.lists(st.sampled_from(["zh", "en", "th"]), unique=True).map(tuple), DAYS, DAYS,
        )
    )  # fmt: skip
    return Page(catalogue, tuple(datasets))


ADDRESSES = {
    "access", "address", "document", "download", "endpoint", "homepage", "landing_page", "origin",
    "scheme", "type", "via",
}  # fmt: skip
NAMED = {"licence", "format", "media_type", "related"}


def settled(given: Any, field: str = "") -> Any:
    """What RDF can hold of a value: no order but that of items, no control characters."""
    if is_dataclass(given) and not isinstance(given, type):
        told = {each.name: settled(getattr(given, each.name), each.name) for each in fields(given)}
        if isinstance(given, Item):
            told["scheme"] = clean(given.scheme)  # of identifiers: a word, no address
        return replace(given, **told)
    if isinstance(given, dict):
        found = {name: settled(value, field) for name, value in given.items()}
        return {name: value for name, value in sorted(found.items()) if value}
    if isinstance(given, tuple):
        return _in_order([settled(each, field) for each in given], field)
    if isinstance(given, str):
        return _held(given, field)
    return given


def _held(text: str, field: str) -> str:
    if field in ADDRESSES:
        return address(text)
    return (field in NAMED and address(text)) or clean(text)


def _in_order(found: list[Any], field: str) -> tuple[Any, ...]:
    if field in {"items", "datasets"}:
        return tuple(found)
    if field == "distributions":
        return tuple(sorted(found, key=lambda d: (d.address, d.access, d.mode, str(d))))
    if field == "themes":
        return tuple(sorted(found, key=lambda each: each.address))
    return tuple(sorted({each for each in found if each}))
