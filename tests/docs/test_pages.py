"""Every page: its links lead somewhere, its commands, settings, codes and make words exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from urllib.parse import unquote

import pytest
import typer
import yaml

from haihe.base.registry import registry
from haihe.base.settings import Settings
from haihe.project.command import assemble
from haihe.project.reference import FOLDER, drifted
from haihe.project.reference.code import failures
from tests.architecture.house import ROOT, kept_files

PAGES = sorted(path for path in kept_files() if path.suffix == ".md" and path.parts[0] != "haihe")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(?:sh|console|bash)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(haihe [a-z][^`]*)`")
MAKE = re.compile(r"^(?:[A-Z]+=\S+ )?make ([a-z]+)\b", re.MULTILINE)
VARIABLE = re.compile(r"\bHAIHE_[A-Z_]+\b")


def ids(path: Path) -> str:
    return str(path)


def text_of(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_relative_links_lead_to_a_page_and_a_heading(page: Path) -> None:
    broken = []
    for link in LINK.findall(text_of(page)):
        if "://" in link or link.startswith("mailto:"):
            continue
        name, _, anchor = unquote(link).partition("#")
        target = (ROOT / page.parent / name).resolve() if name else ROOT / page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert not broken, broken


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as forges make them."""
    heads = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", head.lower()) for head in heads]
    return {head.replace(" ", "-") for head in plain}


def command_lines(page: Path) -> list[str]:
    """Every `haihe ...` that a page tells one to type."""
    lines = [line.strip() for block in FENCE.findall(text_of(page)) for line in block.splitlines()]
    typed = [line.split("|")[-1].strip() for line in lines]
    return [line for line in typed if line.startswith("haihe ")] + INLINE.findall(text_of(page))


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_command_and_option_exists(page: Path) -> None:
    if page.parts[:2] == ("docs", "reference"):
        return
    root = typer.main.get_command(assemble())
    wrong = [line for line in command_lines(page) if not _is_known(root, line)]
    assert not wrong, wrong


def _is_known(command: typer.core.TyperGroup | typer.core.TyperCommand, line: str) -> bool:
    words = shlex.split(line.split(" > ", maxsplit=1)[0], comments=True)[1:]
    while words and hasattr(command, "commands"):
        inner = command.commands.get(words[0].rstrip("…."))
        if inner is None:
            return words[0] in {"...", "…"}
        command, words = inner, words[1:]
    options = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
    given = {word.split("=")[0] for word in words if word.startswith("--")}
    return given <= options | {"--help"}


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_setting_and_make_word_exists(page: Path) -> None:
    text = text_of(page)
    known = {f"HAIHE_{name.upper()}" for name in Settings.__dataclass_fields__}
    unknown = set(VARIABLE.findall(text)) - known
    targets = set(re.findall(r"^([a-z]+):", text_of(Path("Makefile")), re.MULTILINE))
    typed = [
        word
        for block in [
            *FENCE.findall(text),
            *re.findall(r"`((?:[A-Z]+=\S+ )?make [a-z]+[^`]*)`", text),
        ]
        for word in MAKE.findall(block)
    ]
    unknown |= {f"make {word}" for word in typed if word not in targets}
    assert not unknown, sorted(unknown)


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_dotted_name_in_code_is_a_name_of_the_house(page: Path) -> None:
    """Error codes, permissions and ledger kinds that a page cites exist."""
    if page.parts[:2] == ("docs", "reference"):
        return
    nouns = "ledger|places|org|people|files|messages|catalogue|exchange|services"
    cited = set(re.findall(rf"`((?:{nouns})\.(?!actions|queries)[a-z_]+\.[a-z_]+)`", text_of(page)))
    known = {kind.code for kind in failures()} | registry.permissions.keys()
    assert not (gone := cited - known - registry.ledger_kinds.keys()), sorted(gone)


def test_the_reference_says_what_the_code_says() -> None:
    names = drifted(ROOT / FOLDER)
    assert not names, f"Run: make docs. Drifted: {', '.join(names)}"


def test_everything_declared_is_in_the_reference() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / FOLDER).glob("*.md"))
    names = {*registry.permissions, *registry.ledger_kinds, *(k.code for k in failures())}
    names |= {f"HAIHE_{name.upper()}" for name in Settings.__dataclass_fields__}
    names |= {f"`{name}`" for name in registry.systems}
    missing = sorted(name for name in names if name not in text)
    assert not missing, missing


def test_publiccode_has_what_its_standard_demands() -> None:
    stated = yaml.safe_load(text_of(Path("publiccode.yml")))
    assert str(stated["publiccodeYmlVersion"]) in {"0.4", "0.5"}
    for key in ("name", "url", "platforms", "developmentStatus", "softwareType", "legal"):
        assert stated[key]
    assert stated["legal"]["license"] == "Apache-2.0"
    assert stated["maintenance"]["type"] == "community"
    assert stated["maintenance"]["contacts"][0]["name"]
    assert stated["localisation"]["availableLanguages"] == ["zh", "en"]
    for words in stated["description"].values():
        assert len(words["shortDescription"]) <= 150
        assert 150 <= len(words["longDescription"]) <= 10_000
        assert words["features"]


def test_every_page_is_reached_from_the_first() -> None:
    seen: set[Path] = set()
    left = [ROOT / "README.md"]
    while left:
        page = left.pop()
        if page in seen:
            continue
        seen.add(page)
        for link in LINK.findall(page.read_text(encoding="utf-8")):
            target = (page.parent / link.partition("#")[0]).resolve()
            if "://" not in link and target.suffix == ".md" and target.exists():
                left.append(target)
    lost = [str(path) for path in PAGES if path.parts[0] == "docs" and ROOT / path not in seen]
    assert not lost, lost
