"""Pages of city packs: the format of their files, and what each shipped pack holds."""

from __future__ import annotations

import msgspec

from haihe.project.pack.check import check_pack, counts
from haihe.project.pack.documents import Document
from haihe.project.pack.find import CITIES
from haihe.project.pack.new import FILES
from haihe.project.reference.markdown import both, code, first_sentence, table

_HEAD = """# City pack

A folder of data and texts. `haihe city new FOLDER` writes the smallest that passes,
`haihe city check FOLDER` reports every fault. Texts are `{zh: …, en: …}`.

## Files of the smallest pack
"""


def pack_page() -> str:
    """Every file of a pack and every field of its YAML files."""
    text = _HEAD
    for name, content in FILES.items():
        kind = name.rsplit(".", maxsplit=1)[-1]
        shown = content.format(code="NT", name="Newtown", folder="newtown").rstrip()
        text += f"\n### `{name}`\n\n```{kind}\n{shown}\n```\n"
    text += "\n## Fields of the YAML files\n\nA field that is not named here is a fault.\n"
    for document in Document.__subclasses__():
        title = document.__name__.removesuffix("Doc")
        text += f"\n### {title}\n\n{first_sentence(document.__doc__)}\n\n"
        text += table(("Field", "Type", "Default"), _fields(document))
    return text


def _fields(document: type[Document]) -> list[tuple[str, str, str]]:
    return [
        (code(each.encode_name), _kind(each.type), _default(each))
        for each in msgspec.structs.fields(document)
    ]


def _kind(given: object) -> str:
    name = given.__name__ if type(given) is type else str(given)
    return code(name.replace("typing.", "").replace("haihe.project.pack.documents.", ""))


def _default(each: msgspec.structs.FieldInfo) -> str:
    if each.required:
        return "must be given"
    if each.default is msgspec.NODEFAULT:
        return "empty"
    return code(repr(each.default)) if each.default not in ("", None) else "empty"


def city_pages() -> dict[str, str]:
    """For each shipped pack: what it counts, its resources and services."""
    return {path.parent.name: _city(path.parent.name) for path in CITIES.glob("*/city.toml")}


def _city(name: str) -> str:
    pack = check_pack(name)
    text = f"# City: {both(pack.city['name'])}\n\n"
    text += table(("What", "Count"), counts(pack).items())
    text += "\n## Resources\n\n"
    text += table(
        ("Code", "Title", "Department", "Class", "Columns"),
        (
            (code(r.code), both(r.title), r.department, r.sharing_class, len(r.columns))
            for _, r in pack.resources
        ),
    )
    text += "\n## Services\n\n"
    return text + table(
        ("Code", "Title", "Kind", "Resource"),
        (
            (code(s.code), both(s.title), s.kind, code(r.code))
            for _, r in pack.resources
            for s in r.services
        ),
    )
