"""The page of DCAT: which property says which field, found by writing with and without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import date
from typing import Any

from haihe.edges import dcat
from haihe.edges.dcat.describing import (
    Description,
    describe_contact,
    describe_item,
    describe_view,
)
from haihe.edges.dcat.trees import Node
from haihe.edges.dcat.vocabulary import (
    CYCLES,
    FREQUENCIES,
    MODES,
    OPEN_CLASSES,
    PREFIXES,
    SHARING_CLASSES,
)
from haihe.project.reference.markdown import code, table

_HEAD = """# DCAT

A city's catalogue as pages of
[DCAT-AP 3.0.1](https://semiceu.github.io/DCAT-AP/releases/3.0.1/), and other catalogues read:
`haihe.edges.dcat`. Formats: {formats}.

Our own terms lie under <{terms}> (`haihe:`) unless the caller names
another address. They are plain words beside the standard's: who doesn't know them loses nothing
else, and a Haihe that reads another's pages has every field back. Order is kept for columns alone;
control characters, which XML can't hold, are left out in all formats.

Pages link by Hydra (`hydra:PartialCollectionView`, and its older name for CKAN's reader); each
tells of the whole catalogue and of its own datasets.

"""
_READING = """
## Reading others

Nothing is fetched: a JSON-LD context that lies elsewhere and an XML document with a `DOCTYPE` are
refused ([errors](errors.md), `dcat.…`). Frequencies of the EU, Dublin Core, INSPIRE and ISO 8601
are read; one between ours becomes the slower, since a cycle is a promise. A text without a language
has the catalogue's, if that has one, else `und`. What was guessed, taken from several or left out
is listed by dataset and field; what is not said at all, `missing` lists:

"""
_HERE = "https://data.example"
_AGENT = dcat.Agent({"zh": "局"}, f"{_HERE}/org", "11120000MB1A2B3C4D", "urn:kind:city")
_SERVICE = dcat.DataService(
    f"{_HERE}/api", {"zh": "接口"}, f"{_HERE}/service", {"zh": "述"}, f"{_HERE}/openapi.json"
)
_ITEM = dcat.Item(
    "n", {"zh": "项"}, "text", 9, "conditional", "因", ("file",), True, True, True, True, True,
    "card_no", "fen", "birth",
)  # fmt: skip
_DISTRIBUTION = dcat.Distribution(
    "interface", f"{_HERE}/get", f"{_HERE}/way", f"{_HERE}/file", "CSV", "text/csv", {"zh": "法"},
    "urn:x:free", _SERVICE,
)  # fmt: skip
_CONTACT = dcat.Contact({"zh": "处"}, "a@data.example", "+8622", f"{_HERE}/desk")
_CONCEPT = dcat.Concept(f"{_HERE}/class", "3-02", f"{_HERE}/classes", {"zh": "类"})
_DAY = date(2026, 1, 1)
_DATASET = dcat.Dataset(
    f"{_HERE}/dataset", "302/1", {"zh": "名"}, {"zh": "述"}, _AGENT, _CONTACT, (_CONCEPT,),
    {"zh": ("词",)}, "conditional", "因", "unconditional", "因", "daily", _DAY, _DAY, ("302/2",),
    "2", {"zh": "注"}, (_ITEM,), (_DISTRIBUTION,), f"{_HERE}/about", "database", "PostgreSQL", True,
    f"{_HERE}/district", (f"{_HERE}/city",),
)  # fmt: skip
_CATALOGUE = dcat.Catalogue(
    f"{_HERE}/all", {"zh": "目录"}, {"zh": "述"}, _AGENT, _HERE, "urn:x:free", ("zh",), _DAY, _DAY
)
_PAGE = dcat.Page(
    _CATALOGUE, (), f"{_HERE}/2", f"{_HERE}/1", f"{_HERE}/1", f"{_HERE}/3", f"{_HERE}/9", 10, 90
)
_GUIDE = {
    "identifier": "信息资源代码", "title": "信息资源名称", "description": "信息资源摘要",
    "publisher": "信息资源提供方", "themes": "信息资源分类", "format": "信息资源格式",
    "items": "信息项", "sharing_class": "共享类型", "sharing_condition": "共享条件",
    "open_class": "是否向社会开放", "open_condition": "开放条件", "cycle": "更新周期",
    "issued": "发布日期", "related": "关联资源代码", "distributions": "共享方式",
}  # fmt: skip
"""What the guide of 2017 calls a field of a dataset."""


def dcat_page() -> str:
    """Tables of fields and properties, of cycles, access rights and faults."""
    formats = ", ".join(f"`.{end}` ({kind})" for end, kind in dcat.FORMATS.items())
    written = [_HEAD.format(formats=formats, terms=dcat.TERMS)]
    for title, whole, make in _PARTS:
        names = _GUIDE if whole is _DATASET else {}
        rows = [
            (code(field), said, names.get(field, "")) for field, said in _properties(whole, make)
        ]
        heads = ("Field", "Property", "编制指南") if names else ("Field", "Property")
        written += [f"## {title}\n\n", table(heads, [row[: len(heads)] for row in rows]), "\n"]
    written += [_cycles(), _rights(), _READING, _faults()]
    return "".join(written)


def _node(found: object) -> Node:
    if not isinstance(found, Node):
        raise TypeError(f"{found!r} tells of nothing.")
    return found


_PARTS: list[tuple[str, Any, Callable[[Any], Node]]] = [
    ("Dataset · `dcat:Dataset`", _DATASET, lambda it: Description().dataset(it)),
    ("Column · `haihe:Item`", _ITEM, lambda it: describe_item(it, 1)),
    (
        "Distribution · `dcat:Distribution`",
        _DISTRIBUTION,
        lambda it: Description().distribution(it, _HERE),
    ),
    (
        "Service · `dcat:DataService`",
        _SERVICE,
        lambda it: _node(Description().service(it, f"{_HERE}/dataset")),
    ),
    ("Agent · `foaf:Agent`", _AGENT, lambda it: _node(Description().agent(it))),
    ("Contact · `vcard:Organization`", _CONTACT, lambda it: _node(describe_contact(it))),
    ("Class · `skos:Concept`", _CONCEPT, lambda it: _node(Description().concept(it))),
    (
        "Catalogue · `dcat:Catalog`",
        _CATALOGUE,
        lambda it: Description().catalogue(it, dcat.Page(it), []),
    ),
    ("Page · `hydra:PartialCollectionView`", _PAGE, lambda it: _node(describe_view(it))),
]
"""Each kind of value with one that says everything, and what writes it."""


def _properties(whole: Any, make: Callable[[Any], Node]) -> Iterator[tuple[str, str]]:
    for each in fields(whole):
        if each.name == "address" and make(whole).address:
            yield each.name, "the subject's own address"
        # A closed dataset besides: where all may have it, the sharing class decides no right.
        wholes = [whole, replace(whole, open_class="closed")] if whole is _DATASET else [whole]
        said = dict.fromkeys(name for one in wholes for name in _changed(one, each.name, make))
        if said:
            yield each.name, ", ".join(map(code, said))


def _changed(whole: Any, field: str, make: Callable[[Any], Node]) -> Iterator[str]:
    """The properties that say otherwise where a field says nothing."""
    if field == "address" and make(whole).address:
        return
    facts = make(replace(whole, **{field: _nothing(getattr(whole, field))})).facts
    yield from (name for name, value in make(whole).facts if (name, value) not in facts)


def _nothing(value: object) -> object:
    return type(value)() if isinstance(value, str | dict | tuple | bool) else None


def _cycles() -> str:
    rows = [(code(cycle), f"<{FREQUENCIES}{word}>") for cycle, word in CYCLES.items()]
    return "## Cycles\n\n" + table(("Cycle", "`dct:accrualPeriodicity`"), rows)


def _rights() -> str:
    rows = [
        (code(sharing), code(opened), code(_right(sharing, opened)))
        for sharing in SHARING_CLASSES
        for opened in OPEN_CLASSES
    ]
    told = (
        "\n## Access rights\n\nSharing is between departments: only an open class makes anything "
        f"`PUBLIC` to the world. Modes are {', '.join(map(code, MODES))}.\n\n"
    )
    return told + table(("Sharing class", "Open class", "`dct:accessRights`"), rows)


def _right(sharing: str, opened: str) -> str:
    return dcat.access_right(sharing_class=sharing, open_class=opened).rpartition("/")[2]


def _faults() -> str:
    known = [(code(each), sentence) for each, sentence in dcat.SENTENCES.items()]
    names = [(code(name), f"<{full}>") for name, full in PREFIXES.items()]
    return (
        table(("Fault", "Meaning"), known) + "\n## Prefixes\n\n" + table(("Short", "Full"), names)
    )
