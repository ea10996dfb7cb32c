"""Collects every text that pages translate, and keeps the .po files of the house complete.

`python tools/texts.py` adds what is missing to each package's zh_Hans .po, untranslated, and drops
what is no longer said. English is the language of the msgids, so it needs no file.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po

from haihe.edges import dcat, sheets
from haihe.kernel.catalogue.sentences import SENTENCES as OF_LISTS

HAIHE = Path(__file__).resolve().parent.parent / "haihe"
PACKAGES = (HAIHE / "ui", *sorted(path.parent for path in HAIHE.glob("systems/*/templates")))
SHOWN = (
    "base",
    "edges/dcat",
    "edges/sheets",
    "engine/age",
    "engine/calls",
    "engine/moving",
    "engine/reconciling",
    "engine/sources",
    "kernel",
    "systems",
    "ui",
)
"""Folders whose errors a page may show; their words are kept in Chinese by ui."""
KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_lazy": None, "pgettext_lazy": ((1, "c"), 2)}
_TRANS = re.compile(r"\{%\s*trans\s+\"((?:[^\"\\]|\\.)*)\"[^%]*%\}")
_ARGUMENT = re.compile(r"\b_\(\"([^\"]*)\"\)")
_BLOCK = re.compile(
    r"\{%\s*blocktrans\b([^%]*)%\}(.*?)(?:\{%\s*plural\s*%\}(.*?))?\{%\s*endblocktrans\s*%\}", re.S
)
_NOISE = re.compile(
    r'"(POT-Creation|PO-Revision|Generated-By|Last-Translator|Language-Team|Project-Id|Report-Msg)'
)
_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True)
class Said:
    """One translated text; its context and plural are empty where it has none."""

    text: str
    plural: str = ""
    context: str = ""


def said_in(package: Path) -> set[Said]:
    """Every text that the templates and modules of a package translate."""
    found: set[Said] = set()
    for path in package.rglob("templates/**/*.html"):
        found |= set(_in_template(path.read_text(encoding="utf-8")))
    for path in package.rglob("*.py"):
        found |= set(_in_module(path))
    if package.name == "case_types":
        found |= set(_in_faults())
    return found | failures() if package.name == "ui" else found


def _in_faults() -> Iterator[Said]:
    """The sentences of a case type's faults, which only its stewards read."""
    for path in (HAIHE / "kernel/cases").rglob("*.py"):
        with path.open("rb") as source:
            for _, text, _, _ in extract("python", source, keywords={"Fault": None, "_said": None}):
                yield Said(str(text))


def failures() -> set[Said]:
    """Message and hint of each error that a page may show, but those that a noun says itself."""
    found: set[Said] = set()
    shown = [path for folder in SHOWN for path in (HAIHE / folder).rglob("*.py")]
    for path in (*shown, HAIHE / "project/problems.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                found |= set(_worded(node))
    sentences = [*sheets.SENTENCES.values(), *dcat.SENTENCES.values(), *OF_LISTS.values()]
    found |= {Said(sentence) for sentence in sentences}
    own = [read(path) for path in HAIHE.glob("kernel/*/locale/zh_Hans/LC_MESSAGES/django.po")]
    return {said for said in found if not any(said.text in catalogue for catalogue in own)}


def _worded(node: ast.ClassDef) -> Iterator[Said]:
    words = {
        target.id: line.value.value
        for line in node.body
        if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant)
        for target in line.targets
        if isinstance(target, ast.Name) and isinstance(line.value.value, str)
    }
    if "." in words.get("code", ""):
        yield from (Said(words[name]) for name in ("message", "hint") if words.get(name))


def _in_template(source: str) -> Iterator[Said]:
    yield from (Said(text) for text in _TRANS.findall(source))
    yield from (Said(text) for text in _ARGUMENT.findall(source))
    for options, text, plural in _BLOCK.findall(source):
        is_trimmed = "trimmed" in options.split()
        yield Said(_plain(text, is_trimmed), _plain(plural, is_trimmed))


def _plain(text: str, is_trimmed: bool) -> str:
    named = _VARIABLE.sub(r"%(\1)s", text)
    return " ".join(line.strip() for line in named.splitlines()).strip() if is_trimmed else named


def _in_module(path: Path) -> Iterator[Said]:
    with path.open("rb") as source:
        for _, text, _, context in extract("python", source, keywords=KEYWORDS):
            if isinstance(text, tuple):
                yield Said(text[0], text[1], context or "")
            else:
                yield Said(text, "", context or "")


def po_of(package: Path) -> Path:
    """Where a package's Chinese stands."""
    return package / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def read(path: Path) -> Catalog:
    """A .po file, or an empty one."""
    if not path.exists():
        return Catalog(locale="zh_Hans")
    with path.open("rb") as source:
        return read_po(source, locale="zh_Hans")


def untranslated(package: Path) -> list[str]:
    """Texts of a package that its Chinese .po lacks."""
    catalogue = read(po_of(package))
    missing = []
    for said in said_in(package):
        message = catalogue.get(said.text, context=said.context or None)
        if message is None or not message.string or not all(_forms(message.string)):
            missing.append(said.text)
    return sorted(missing)


def _forms(string: object) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, (list, tuple)) else (str(string),)


def bring_up_to_date(package: Path) -> list[str]:
    """Rewrite a package's .po to hold just what is said; the texts that still need Chinese."""
    path = po_of(package)
    old = read(path)
    new = Catalog(
        locale="zh_Hans", header_comment=f"# Chinese of haihe.{package.name}.", fuzzy=False
    )
    for said in sorted(said_in(package), key=lambda s: (s.text, s.context)):
        known = old.get(said.text, context=said.context or None)
        key = (said.text, said.plural) if said.plural else said.text
        new.add(key, known.string if known else "", context=said.context or None)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        write_po(target, new, omit_header=False, sort_output=True, include_previous=False)
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not _NOISE.match(line)]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return untranslated(package)


def main() -> int:
    """Bring every .po up to date and name what needs Chinese."""
    missing = {package.name: bring_up_to_date(package) for package in PACKAGES}
    for name, texts in missing.items():
        sys.stdout.writelines(f"{name}: {text}\n" for text in texts)
    return int(any(missing.values()))


if __name__ == "__main__":
    sys.exit(main())
