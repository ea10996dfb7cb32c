"""The embedded server outlives kills, and touches no process that it did not start."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from haihe.base.errors import HaiheError
from haihe.engine.postgres import child
from haihe.engine.postgres.errors import BadFolder, DidNotStart, FolderTaken
from haihe.engine.postgres.server import Server, serves
from tests import needs
from tests.needs import SPARE_USER


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("a folder with spaces") / "postgres"


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    made = Server(folder)
    made.start()
    yield made
    made.stop()


def rows(server: Server, query: str) -> int:
    with psycopg.connect(server.url("postgres")) as connection:
        found = connection.execute(query).fetchone()
    assert found is not None
    return int(found[0])


def other_program(code: str, *words: str, user: int | None = None) -> subprocess.Popen[str]:
    """A Python of its own that runs the code; as another user where one is given."""
    enter = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if user else []
    return subprocess.Popen(
        [*enter, sys.executable, "-c", textwrap.dedent(code), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=Path.cwd(),
    )


SUPERVISOR = """
    import sys, time
    from pathlib import Path
    from haihe.engine.postgres.server import Server
    server = Server(Path(sys.argv[1]))
    server.start()
    print(server.pid, flush=True)
    time.sleep(600)
"""


def ended(pid: int, *, within_seconds: float) -> bool:
    ends = time.monotonic() + within_seconds
    while time.monotonic() < ends:
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


def test_it_starts_in_the_locale_that_finds_chinese(server: Server) -> None:
    query = "select count(*) from pg_database where datcollate = 'C.UTF-8' and encoding = 6"
    assert rows(server, query) == 3
    assert server.socket.stat().st_mode & 0o077 == 0


def test_kill_9_keeps_50000_rows(folder: Path) -> None:
    first = Server(folder)
    first.start()
    with psycopg.connect(first.url("postgres"), autocommit=True) as connection:
        connection.execute("create table kept as select generate_series(1, 50000) as id")
    assert first.pid is not None
    postmaster = first.pid
    os.kill(postmaster, signal.SIGKILL)
    assert ended(postmaster, within_seconds=5)
    first.start()  # the same object recovers, as the supervisor does
    assert rows(first, "select count(*) from kept") == 50_000
    first.stop()


def test_killing_the_supervisor_ends_the_server_and_the_next_start_recovers(folder: Path) -> None:
    supervisor = other_program(SUPERVISOR, str(folder))
    assert supervisor.stdout is not None
    pid = int(supervisor.stdout.readline())
    supervisor.kill()
    supervisor.communicate()
    with Server(folder) as second:
        assert second.pid != pid
        assert rows(second, "select 1") == 1
    assert ended(pid, within_seconds=1)


def test_an_innocent_process_with_the_stale_pid_lives_on(folder: Path) -> None:
    innocent = subprocess.Popen(["sleep", "60"])
    try:
        (folder / "postmaster.pid").write_text(
            f"{innocent.pid}\n{folder}\n1700000000\n5432\n/tmp\n\n  1 1\nready\n"
        )
        assert serves(folder) is None
        with Server(folder) as server:
            assert rows(server, "select 1") == 1
        assert innocent.poll() is None
    finally:
        innocent.kill()
        innocent.wait()


def test_a_second_start_on_one_folder_is_refused(server: Server) -> None:
    with pytest.raises(FolderTaken):
        Server(server.folder).start()
    assert rows(server, "select 1") == 1


def test_two_servers_stand_side_by_side(server: Server, tmp_path: Path) -> None:
    with Server(tmp_path / "postgres") as other:
        with psycopg.connect(other.url("postgres"), autocommit=True) as connection:
            connection.execute("create table only_here ()")
        assert rows(server, "select count(*) from pg_class where relname = 'only_here'") == 0
    assert rows(server, "select 1") == 1


def test_backends_that_outlive_the_postmaster_do_not_stop_the_next_start(folder: Path) -> None:
    first = Server(folder)
    first.start()
    busy = psycopg.connect(first.url("postgres"), autocommit=True)
    backend = busy.info.backend_pid
    assert first.pid is not None
    os.kill(backend, signal.SIGSTOP)  # a backend that can't notice its postmaster's death yet
    postmaster = first.pid
    os.kill(postmaster, signal.SIGKILL)
    assert ended(postmaster, within_seconds=5)
    waker = other_program(
        "import os, signal, sys, time; time.sleep(1); os.kill(int(sys.argv[1]), signal.SIGCONT)",
        str(backend),
    )
    first.start()
    assert rows(first, "select 1") == 1
    first.stop()
    waker.communicate()
    busy.close()


def test_a_half_made_folder_is_never_taken_for_whole(tmp_path: Path) -> None:
    half = tmp_path / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with Server(tmp_path / "postgres") as server:
        assert rows(server, "select 1") == 1
    assert not half.exists()


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    letter = tmp_path / "postgres" / "letter.txt"
    letter.write_text("mine")
    with pytest.raises(BadFolder):
        Server(tmp_path / "postgres").start()
    assert letter.read_text() == "mine"


def test_a_folder_of_another_version_is_refused_with_both_versions(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir(mode=0o700)
    (tmp_path / "postgres" / "PG_VERSION").write_text("15\n")
    with pytest.raises(BadFolder, match="15, not 18"):
        Server(tmp_path / "postgres").start()


def test_a_damaged_folder_says_the_last_words_and_a_later_start_is_free(tmp_path: Path) -> None:
    with Server(tmp_path / "postgres"):
        pass
    control = tmp_path / "postgres" / "global" / "pg_control"
    whole = control.read_bytes()
    control.write_bytes(b"\0" * len(whole))
    with pytest.raises(DidNotStart):
        Server(tmp_path / "postgres").start()
    control.write_bytes(whole)
    with Server(tmp_path / "postgres") as server:
        assert rows(server, "select 1") == 1


def test_a_very_long_path_still_gets_a_short_socket(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a long name of a folder"] * 8) / "postgres"
    with Server(deep) as server:
        assert rows(server, "select 1") == 1


def test_another_tmpdir_finds_the_same_socket(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert rows(Server(server.folder.resolve()), "select 1") == 1


@needs.root
def test_a_full_disk_is_a_sentence_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    code = """
        import subprocess, sys
        from pathlib import Path
        from haihe.base.errors import HaiheError
        from haihe.engine.postgres.server import Server
        disk = Path(sys.argv[1])
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk], check=True)
        try:
            Server(disk / "postgres").start()
        except HaiheError as error:
            print(error.code, [path.name for path in disk.iterdir()])
    """
    program = subprocess.run(
        ["unshare", "--mount", sys.executable, "-c", textwrap.dedent(code), str(disk)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert program.stdout.strip() == "postgres.no_space ['postgres.lock']", program.stderr


@needs.root
@needs.open_python
def test_an_ordinary_user_starts_it_and_another_users_folder_is_refused(
    folder: Path, tmp_path: Path
) -> None:
    code = """
        import sys
        from pathlib import Path
        from haihe.base.errors import HaiheError
        from haihe.engine.postgres.server import Server
        for each in sys.argv[1:]:
            try:
                with Server(Path(each)) as server:
                    print("runs")
            except HaiheError as error:
                print(error.code)
    """
    open_folder = Path("/tmp") / f"haihe-test-{os.getpid()}"  # noqa: S108 - root's own is closed
    open_folder.mkdir()
    os.chown(open_folder, SPARE_USER, SPARE_USER)
    try:
        program = _as_ordinary_user(code, str(open_folder / "data"), str(folder))
        said, _ = program.communicate(timeout=60)
        assert said.split() == ["runs", "postgres.bad_folder"]
    finally:
        subprocess.run(["rm", "-rf", str(open_folder)], check=True)


def _as_ordinary_user(code: str, *words: str) -> subprocess.Popen[str]:
    return other_program(code, *words, user=SPARE_USER)


@needs.root
def test_where_namespaces_are_forbidden_a_spare_uid_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "namespaces_allowed", lambda: False)
    data = Path("/tmp") / f"haihe-test-spare-{os.getpid()}"  # noqa: S108 - root's own is closed
    data.mkdir(mode=0o755)
    try:
        with Server(data / "postgres") as server:
            assert server.pid is not None
            assert Path(f"/proc/{server.pid}").stat().st_uid == pwd.getpwnam("nobody").pw_uid
            assert rows(server, "select 1") == 1
        monkeypatch.undo()
        with Server(data / "postgres") as server:  # and back, once namespaces are allowed
            assert rows(server, "select 1") == 1
    finally:
        subprocess.run(["rm", "-rf", str(data)], check=True)


@needs.root
def test_a_spare_uid_that_cannot_reach_the_folder_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "namespaces_allowed", lambda: False)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(HaiheError, match="can't pass"):
        Server(closed / "postgres").start()
