"""RFC 6962 hashes and proofs: Certificate Transparency's known roots, an oracle, bad proofs."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haihe.engine.merkle.tiles import Edge, Tile, TiledTree
from haihe.engine.merkle.tree import (
    EMPTY_ROOT,
    Frontier,
    Tree,
    consistency_path,
    inclusion_path,
    is_consistent,
    leaf_hash,
    root,
    root_from_inclusion,
)

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]

# The leaves and roots of Certificate Transparency's own tests (merkle_tree_test).
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]


def test_the_empty_tree_has_the_known_root() -> None:
    known = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert Tree().root().hex() == Frontier().root().hex() == Edge().root().hex() == known


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    frontier, edge = Frontier(), Edge()
    frontier.extend(HASHES[:size])
    edge.extend(HASHES[:size])
    found = {Tree(HASHES[:size]).root().hex(), frontier.root().hex(), edge.root().hex()}
    assert found == {ROOTS[size - 1]}


def test_an_oracle_in_its_own_process_finds_the_same_roots_and_accepts_the_same_history() -> None:
    sizes = [1, 2, 3, 7, 8, 9, 255, 256, 257, 1000]
    program = f"""
import json
from pymerkle import InmemoryTree
tree, roots = InmemoryTree(algorithm="sha256"), {{}}
for number in range(1000):
    tree.append_entry(b"entry %d" % number)
    if number + 1 in {sizes}:
        roots[number + 1] = tree.get_state().hex()
print(json.dumps(roots))
"""
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    oracle = {int(size): root for size, root in json.loads(told.stdout).items()}
    tree = Tree(leaf_hash(b"entry %d" % number) for number in range(1000))
    assert {size: root(tree.lookup, size).hex() for size in sizes} == oracle


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 64, 65])
def test_every_inclusion_path_leads_to_the_root_and_no_other_does(size: int) -> None:
    tree = Tree(leaf_hash(bytes([number])) for number in range(size))
    for index in range(size):
        path = inclusion_path(tree.lookup, index, size)
        leaf = tree.lookup(0, index)
        assert root_from_inclusion(leaf, index=index, size=size, path=path) == tree.root()
        for wrong in (
            {"index": (index + 1) % (size + 1), "size": size, "path": path},
            {"index": index, "size": size, "path": [*path, bytes(32)]},
            {"index": index, "size": size, "path": path[1:]},
            {"index": index, "size": size, "path": path[::-1]},
        ):
            if wrong["path"] != path or wrong["index"] != index:
                assert root_from_inclusion(leaf, **wrong) != tree.root()


@given(st.integers(0, 300), st.integers(0, 300), st.data())
@settings(max_examples=200, deadline=None)
def test_consistency_holds_between_any_two_sizes_and_breaks_with_any_change(
    first: int, second: int, data: st.DataObject
) -> None:
    old, new = sorted((first, second))
    tree = Tree(leaf_hash(b"%d" % number) for number in range(new))
    path = consistency_path(tree.lookup, old, new)
    right = {
        "old": old,
        "old_root": root(tree.lookup, old),
        "new": new,
        "new_root": root(tree.lookup, new),
        "path": path,
    }
    assert is_consistent(**right)
    name = data.draw(st.sampled_from(["old_root", "new_root", "path"]))
    changed = _altered_path(path, data) if name == "path" else bytes(32)
    if name != "new_root" or old:  # every tree extends the empty one
        assert not is_consistent(**{**right, name: changed})


def _altered_path(path: list[bytes], data: st.DataObject) -> list[bytes]:
    way = data.draw(st.sampled_from(["more", "fewer", "other"]))
    if way == "more" or not path:
        return [*path, bytes(32)]
    place = data.draw(st.integers(0, len(path) - 1))
    kept = path[:place] + path[place + 1 :]
    return kept if way == "fewer" else [*path[:place], bytes(32), *path[place + 1 :]]


@given(st.lists(st.integers(1, 700), min_size=1, max_size=5))
@settings(max_examples=25, deadline=None)
def test_a_tree_read_from_its_tiles_equals_the_tree_in_memory(steps: list[int]) -> None:
    tiles: dict[tuple[int, int, int], bytes] = {}

    def keep(found: list[Tile]) -> None:
        tiles.update({(tile.level, tile.index, tile.width): tile.hashes for tile in found})

    edge, tree = Edge(), Tree()
    sizes = [0]
    for step in steps:
        leaves = [leaf_hash(b"%d" % (edge.size + number)) for number in range(step)]
        keep(edge.extend(leaves))
        keep(edge.partial())
        tree.extend(leaves)
        sizes.append(edge.size)
        resumed = Edge.resumed(edge.size, read=lambda *place: tiles[place])
        assert resumed.root() == edge.root() == tree.root()
        edge = resumed
    tiled = TiledTree(edge.size, read=lambda *place: tiles[place])
    for old, new in pairwise(sizes):
        assert root(tree.lookup, old) == root(tiled.lookup, old)
        expected = consistency_path(tree.lookup, old, new)
        if new == edge.size:
            assert consistency_path(tiled.lookup, old, new) == expected
    last = edge.size - 1
    assert inclusion_path(tiled.lookup, last, edge.size) == inclusion_path(
        tree.lookup, last, edge.size
    )


def test_a_tree_of_70000_has_the_tiles_that_the_specification_counts() -> None:
    edge = Edge()
    full = edge.extend(leaf_hash(b"") for _ in range(70_000))
    partial = edge.partial()
    assert [sum(tile.level == level for tile in full) for level in (0, 1, 2)] == [273, 1, 0]
    assert [(tile.level, tile.width) for tile in partial] == [(0, 112), (1, 17), (2, 1)]
    assert edge.root() != EMPTY_ROOT
