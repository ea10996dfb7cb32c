"""What can't start says so in a sentence, with exit code 1, before anything is started."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from haihe.engine.postgres.external import Refused, Unfit, Unreachable, check_external
from tests import needs
from tests.project.running import Installation, free_ports, older_server


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path / "data of a city")


def refused(installation: Installation, *words: str) -> str:
    """The sentence of an `up` that must not begin."""
    done = installation.run("up", *words)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "Starting" not in done.stdout
    return done.stderr


def test_a_taken_port_is_named_before_anything_is_started(installation: Installation) -> None:
    for offset, variable in ((0, "HAIHE_PAGES_PORT"), (1, "HAIHE_SERVICES_PORT")):
        with socket.create_server(("127.0.0.1", installation.port + offset)):
            sentence = refused(installation)
        assert f"Port {installation.port + offset}" in sentence
        assert variable in sentence
    assert not (installation.data / "postgres").exists()


def test_the_demo_witness_needs_its_port_too(installation: Installation) -> None:
    with socket.create_server(("127.0.0.1", installation.port + 2)):
        assert f"Port {installation.port + 2}" in refused(installation, "--demo")


def test_an_unknown_city_lists_the_known_ones(installation: Installation) -> None:
    installation.settings["HAIHE_CITY"] = "atlantis"
    assert "riverton" in refused(installation)


def test_a_file_in_place_of_the_data_folder_is_named(installation: Installation) -> None:
    installation.data.write_text("a letter")
    assert "is a file" in refused(installation)
    assert installation.data.read_text() == "a letter"


def test_a_setting_that_is_no_number_is_named(installation: Installation) -> None:
    installation.settings["HAIHE_PAGES_PORT"] = "eighty"
    assert "HAIHE_PAGES_PORT" in refused(installation)


@needs.root
@needs.open_python
def test_a_folder_without_permission_is_named(installation: Installation) -> None:
    installation.data.mkdir(mode=0o700)
    done = subprocess.run(
        ["setpriv", "--reuid=65533", "--regid=65533", "--clear-groups",
         sys.executable, "-m", "haihe.project.command", "up"],
        env=installation.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "This user can't" in done.stderr


@needs.small_disk
def test_a_full_disk_is_a_sentence(installation: Installation) -> None:
    installation.data.mkdir()
    mounted = 'mount -t tmpfs -o size=8m tmpfs "$HAIHE_DATA" && exec "$@"'
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", mounted, "sh",
         sys.executable, "-m", "haihe.project.command", "up"],
        env=installation.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "start.disk_full" in done.stderr


def test_a_demo_folder_stays_a_demo_and_a_real_one_never_becomes_one(
    installation: Installation,
) -> None:
    installation.data.mkdir()
    for first, second in (("demo", ()), ("real", ("--demo",))):
        (installation.data / "mode").write_text(first)
        assert "start.wrong_mode" in refused(installation, *second)


def test_nothing_at_the_databases_address_is_a_sentence(installation: Installation) -> None:
    installation.settings["HAIHE_DATABASE_URL"] = (
        f"postgresql://haihe:secret@127.0.0.1:{free_ports()}/haihe"
    )
    sentence = refused(installation)
    assert "No database server answers" in sentence
    assert "secret" not in sentence


@needs.older_postgres
def test_an_older_postgresql_serves_and_a_wrong_password_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "old"
    place.mkdir()
    with older_server(place, programs=needs.OLDER_POSTGRES, password="a-word") as url:
        check_external(url)
        with pytest.raises(Refused):
            check_external(url.replace("a-word", "another"))
        with pytest.raises(Refused, match="no database"):
            check_external(url.removesuffix("haihe") + "nowhere")
        ours = Installation(tmp_path / "data", settings={"HAIHE_DATABASE_URL": url})
        assert "postgres.refused" in refused(
            Installation(
                tmp_path / "other",
                settings={"HAIHE_DATABASE_URL": url.replace("a-word", "another")},
            )
        )
        done = ours.run("setup")
        assert done.returncode == 0, done.stderr
        assert not (ours.data / "postgres").exists()


def test_a_server_older_than_15_is_refused() -> None:
    with server_of_version("14.11") as url, pytest.raises(Unfit, match="PostgreSQL 14"):
        check_external(url)


def test_a_server_that_hangs_up_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        threading.Thread(target=hang_up, args=[listening], daemon=True).start()
        with pytest.raises(Unreachable):
            check_external(f"postgresql://haihe@127.0.0.1:{port}/haihe?sslmode=disable")


def hang_up(listening: socket.socket) -> None:
    """Take one caller and say nothing."""
    listening.accept()[0].close()


@contextmanager
def server_of_version(version: str) -> Iterator[str]:
    """A server that says no more than its version and that it is ready."""

    def message(kind: bytes, body: bytes) -> bytes:
        return kind + (len(body) + 4).to_bytes(4, "big") + body

    told = (
        message(b"R", bytes(4))
        + message(b"S", f"server_version\0{version}\0".encode())
        + message(b"S", b"server_encoding\0UTF8\0")
        + message(b"S", b"client_encoding\0UTF8\0")
        + message(b"Z", b"I")
    )

    def serve() -> None:
        with listening.accept()[0] as client:
            client.recv(1000)
            client.sendall(told)
            client.recv(1000)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        port = listening.getsockname()[1]
        yield f"postgresql://haihe@127.0.0.1:{port}/haihe?sslmode=disable&gssencmode=disable"
        thread.join(timeout=5)
