"""Licences of what an installed Haihe imports: nothing under the GPL or the AGPL."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement

STRONG = re.compile(r"(?<!L)\bA?GPL|GNU (?:Affero )?General Public", re.IGNORECASE)
LESSER = re.compile(r"LGPL|Lesser General Public", re.IGNORECASE)


def runtime() -> dict[str, Distribution]:
    """Everything that ``haihe[city]`` brings with it on this machine, by name."""
    found: dict[str, Distribution] = {}
    left = [("haihe", "city")]
    while left:
        name, extra = left.pop()
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue
        for line in package.requires or ():
            wanted = Requirement(line)
            if wanted.marker is None or wanted.marker.evaluate({"extra": extra}):
                extras = wanted.extras or {""}
                if wanted.name.lower() not in found:
                    left.extend((wanted.name, each) for each in extras)
        if name != "haihe":
            found[name.lower()] = package
    return found


def licence_of(package: Distribution) -> str:
    """The licence as the package states it: expression, classifiers, then its first words."""
    known = package.metadata
    classifiers = [c for c in known.get_all("Classifier") or () if c.startswith("License")]
    stated = known.get("License-Expression") or " ".join(classifiers) or known.get("License") or ""
    return str(stated)[:300]


def test_nothing_under_the_gpl_or_agpl_is_imported() -> None:
    bad = {
        name: licence
        for name, package in runtime().items()
        if STRONG.search(LESSER.sub("", licence := licence_of(package)))
    }
    assert not bad, bad


def test_every_runtime_dependency_states_its_licence() -> None:
    silent = [name for name, package in runtime().items() if not licence_of(package).strip()]
    assert not silent, silent


def test_the_walk_reaches_dependencies_of_dependencies() -> None:
    assert {"django", "cryptography", "cffi", "sqlparse", "procrastinate"} <= runtime().keys()
