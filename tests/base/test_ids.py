"""Ids sort by time."""

from haihe.base.ids import new_id


def test_an_id_is_of_version_7() -> None:
    assert new_id().version == 7
