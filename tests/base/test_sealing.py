"""Sealed values open only with their key and in their field; keys are nobody else's to read."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from haihe.base import sealing


def test_a_value_opens_with_its_key_in_its_field(tmp_path: Path) -> None:
    key = sealing.key(tmp_path, "people")
    sealed = sealing.seal("王小明", key=key, field="people.name")
    assert "王小明".encode() not in sealed
    assert sealing.unseal(sealed, key=key, field="people.name") == "王小明"


def test_it_opens_nowhere_else(tmp_path: Path) -> None:
    key, other = sealing.key(tmp_path, "people"), sealing.key(tmp_path, "other")
    sealed = sealing.seal("1", key=key, field="people.name")
    turned = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for value, by, field in (
        (sealed, other, "people.name"),
        (sealed, key, "people.number"),
        (turned, key, "people.name"),
    ):
        with pytest.raises(sealing.CannotOpen):
            sealing.unseal(value, key=by, field=field)


def test_equal_texts_are_sealed_differently(tmp_path: Path) -> None:
    key = sealing.key(tmp_path, "people")
    assert sealing.seal("1", key=key, field="x") != sealing.seal("1", key=key, field="x")


def test_a_key_is_made_once_for_all_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: sealing.key(tmp_path / "keys", "index"), range(40)))
    assert len(keys) == 1
    mode = stat.S_IMODE((tmp_path / "keys" / "index.key").stat().st_mode)
    assert mode == 0o600
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["index.key"]


def test_one_subject_has_one_key_however_its_number_is_written() -> None:
    def of(number: str, scheme: str = "cn.person") -> bytes:
        return sealing.subject_key(number, scheme=scheme, key=b"k" * 32)

    assert of("12010119620315121x") == of(" 120101 19620315 121X ")
    assert len(of("1")) == 16
    assert of("1") != of("1", scheme="luhn.person")
