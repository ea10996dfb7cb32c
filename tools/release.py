"""Builds the wheel into dist/ and checks that what an installed Haihe needs is in it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

NEEDED = (
    ".mo",
    "haihe/ui/static/built/",
    "haihe/cities/riverton/city.toml",
    "haihe/cities/tianjin/city.toml",
    "licenses/LICENSE",
)


def main() -> None:
    """Build, then look inside."""
    uv = next(Path(".tools").glob("uv==*/bin/uv"))
    for old in Path("dist").glob("haihe-*"):
        old.unlink()
    if subprocess.call([uv, "build", "--quiet", "--wheel", "--out-dir", "dist"]) != 0:
        sys.exit("The wheel could not be built: read the lines above.")
    wheel = next(Path("dist").glob("haihe-*.whl"))
    names = zipfile.ZipFile(wheel).namelist()
    absent = [needed for needed in NEEDED if not any(needed in name for name in names)]
    if absent:
        sys.exit(f"Missing in {wheel.name}: {', '.join(absent)}")
    print(f"{wheel}: {len(names)} files, {wheel.stat().st_size / 2**20:.1f} MiB")


if __name__ == "__main__":
    main()
