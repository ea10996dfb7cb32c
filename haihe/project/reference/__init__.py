"""The generated reference: one Markdown page a subject, written from code, never by hand.

``pages`` makes the texts; ``write`` and ``drifted`` compare them with `docs/reference`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from haihe.project.reference.calls import calls_page
from haihe.project.reference.code import (
    commands_page,
    errors_page,
    jobs_page,
    layers_page,
    settings_page,
)
from haihe.project.reference.dcat import dcat_page
from haihe.project.reference.declared import (
    hooks_page,
    kinds_page,
    permissions_page,
    personal_page,
    systems_page,
)
from haihe.project.reference.packs import city_pages, pack_page
from haihe.project.reference.terms import terms_page

NOTE = "<!-- Written by `haihe docs reference`. Do not edit: change the code instead. -->\n\n"
FOLDER = Path("docs/reference")

PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "commands.md": commands_page,
    "errors.md": errors_page,
    "permissions.md": permissions_page,
    "ledger-kinds.md": kinds_page,
    "personal-data.md": personal_page,
    "systems.md": systems_page,
    "hooks.md": hooks_page,
    "jobs.md": jobs_page,
    "calls.md": calls_page,
    "grant-terms.md": terms_page,
    "dcat.md": dcat_page,
    "city-pack.md": pack_page,
    "layers.md": layers_page,
}


def pages() -> dict[str, str]:
    """Every page by file name. Needs Django to have been started."""
    texts = {name: page() for name, page in PAGES.items()}
    texts |= {f"city-{name}.md": text for name, text in city_pages().items()}
    texts["README.md"] = _contents(texts)
    return {name: NOTE + text for name, text in texts.items()}


def drifted(folder: Path) -> list[str]:
    """Names of pages that differ from the code, are missing, or are no longer made."""
    made = pages()
    kept = {path.name for path in folder.glob("*.md")}
    differing = {name for name, text in made.items() if _read(folder / name) != text}
    return sorted(differing | (kept - made.keys()))


def write(folder: Path) -> list[str]:
    """Write the pages that drifted; their names."""
    names = drifted(folder)
    made = pages()
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        if name in made:
            (folder / name).write_text(made[name], encoding="utf-8")
        else:
            (folder / name).unlink()
    return names


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _contents(texts: dict[str, str]) -> str:
    lines = [f"- [{text.splitlines()[0].lstrip('# ')}]({name})" for name, text in texts.items()]
    return "# Reference\n\nWritten from the code.\n\n" + "\n".join(lines) + "\n"
