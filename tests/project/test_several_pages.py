"""Several processes of pages behind one port: as one to whoever asks, and no worse for a kill."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import uuid4

import psycopg
import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from haihe.engine.postgres.address import socket_folder, socket_url
from haihe.systems.snap.declare import LIMITS
from tests.project.running import Installation, children, descendants, is_alive

pytestmark = pytest.mark.timeout(600)
PROCESSES = 3
POINT = {"longitude": "150.055813", "latitude": "30.152941", "datum": "WGS-84"}
PASSWORD, SECRET = "a long enough word", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LOGIN, CODE = "/account/login/", "/account/mfa/authenticate/"
ACCOUNTS = f"""
    from haihe.project.start import start_django
    start_django()
    from haihe.project.database import running_database
    with running_database():
        from allauth.mfa.totp.internal.auth import TOTP
        from haihe.kernel.org import actions
        from haihe.project.demo.grids import make_grids
        from haihe.project.pack.load import load_city, loader
        from tests.org import builders
        load_city("riverton")
        make_grids(by=loader())
        builders.account("ada", {PASSWORD!r})
        builders.account("bob", {PASSWORD!r})
        made = actions.join(
            by=builders.founder(), account=builders.account("warden", {PASSWORD!r}),
            department=builders.department(), name="W. Arden",
        )
        TOTP.activate(made.account, {SECRET!r})
"""


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    made = Installation(
        tmp_path_factory.mktemp("several") / "data",
        settings={"HAIHE_PAGES_PROCESSES": str(PROCESSES), "HAIHE_PROXIES": "1"},
    )
    assert made.run("setup").returncode == 0
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(ACCOUNTS)],
        env=made.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return made


@pytest.fixture(scope="module")
def supervisor(installation: Installation) -> Iterator[subprocess.Popen[str]]:
    with installation.up() as process:
        yield process


@dataclass
class Browser:
    """One visitor with cookies, who may be sent to any of the processes."""

    address: str = "203.0.113.1"
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(
        self, door: http.client.HTTPConnection, path: str, form: dict[str, str] | None = None
    ) -> http.client.HTTPResponse:
        """One request over a connection, a POST if there is a form; the answer has been read."""
        headers = {
            "Host": "localhost",
            "X-Forwarded-For": self.address,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if form is None:
            door.request("GET", path, headers=headers)
        else:
            form = {**form, "csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            door.request("POST", path, urlencode(form), headers)
        answer = door.getresponse()
        answer.text = answer.read().decode()  # type: ignore[attr-defined]
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def sign_in(self, door: http.client.HTTPConnection, name: str, password: str = PASSWORD) -> str:
        """Where signing in leads to; empty if the page comes again."""
        self.ask(door, LOGIN)
        return self.ask(door, LOGIN, {"login": name, "password": password}).headers.get(
            "Location", ""
        )


def fresh(installation: Installation) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", installation.port, timeout=30)


def process_of(door: http.client.HTTPConnection) -> int:
    """Which process holds the other end of a connection."""
    door.request("GET", "/healthz", headers={"Host": "localhost"})
    return int(json.loads(door.getresponse().read())["process"])


@pytest.fixture
def doors(
    installation: Installation, supervisor: subprocess.Popen[str]
) -> Iterator[list[http.client.HTTPConnection]]:
    """One open connection to each of the processes."""
    found: dict[int, http.client.HTTPConnection] = {}
    ends = time.monotonic() + 60
    with ExitStack() as stack:
        while len(found) < PROCESSES:
            assert time.monotonic() < ends, sorted(found)
            door = stack.enter_context(closing(fresh(installation)))
            found.setdefault(process_of(door), door)
        yield list(found.values())


def report(**changes: str) -> dict[str, str]:
    """A report without a photo, with a key and a secret of its own."""
    key = uuid4()
    values = {**POINT, "key": str(key), "token": key.hex[:22], "category": "public"}
    return {**values, "words": "The lamp is out", **changes}


def code() -> str:
    return str(format_hotp_value(hotp_value(SECRET, int(time.time()) // 30)))


def rows(installation: Installation, statement: str) -> list[tuple[object, ...]]:
    url = socket_url(socket_folder(installation.data / "postgres"))
    with psycopg.connect(url) as connection:
        return connection.execute(statement).fetchall()  # type: ignore[arg-type]


def workers(supervisor: subprocess.Popen[str]) -> dict[int, str]:
    """Every process that belongs to serving pages."""
    return {pid: line for pid, line in descendants(supervisor.pid).items() if "serve pages" in line}


def test_a_device_may_send_so_many_an_hour_whichever_processes_take_them(
    installation: Installation, doors: list[http.client.HTTPConnection]
) -> None:
    device = uuid4().hex[:22]
    most = LIMITS["report", "device"].hour

    def send(door: http.client.HTTPConnection) -> Counter[int]:
        browser = Browser(address=f"198.51.100.{doors.index(door)}")
        browser.ask(door, "/snap/token")
        browser.cookies["snap_device"] = device
        told = [browser.ask(door, "/snap/report/queued", report()).status for _ in range(most)]
        return Counter(told)

    with ThreadPoolExecutor(len(doors)) as together:
        told = sum(together.map(send, doors), Counter())
    assert told[200] == most
    assert set(told) == {200, 429}


def test_one_report_sent_to_every_process_at_once_is_filed_once(
    installation: Installation, doors: list[http.client.HTTPConnection]
) -> None:
    sent = report()
    browsers = [Browser(address=f"198.51.100.{100 + n}") for n in range(len(doors))]
    for browser, door in zip(browsers, doors, strict=True):
        browser.ask(door, "/snap/token")
    with ThreadPoolExecutor(len(doors)) as together:
        answers = list(
            together.map(
                lambda pair: pair[0].ask(pair[1], "/snap/report/queued", sent),
                zip(browsers, doors, strict=True),
            )
        )
    assert {answer.status for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    filed = f"select count(*) from snap_snapreport where draft = '{sent['key']}'"
    wait_until(lambda: rows(installation, filed) == [(1,)])


def test_five_wrong_passwords_lock_a_name_though_no_process_saw_five(
    doors: list[http.client.HTTPConnection],
) -> None:
    for turn in range(5):
        assert Browser().sign_in(doors[turn % PROCESSES], "bob", "wrong again") == ""
    assert all(Browser().sign_in(door, "bob") == "" for door in doors)


def test_a_session_holds_in_every_process_and_ends_in_all(
    doors: list[http.client.HTTPConnection],
) -> None:
    browser = Browser()
    assert browser.sign_in(doors[0], "ada")
    kept = dict(browser.cookies)
    for door in doors:
        assert browser.ask(door, "/account/password/change/").status == 200
    browser.ask(doors[1], "/account/logout/", {})
    for door in doors:
        assert Browser(cookies=dict(kept)).ask(door, "/account/password/change/").status == 302


def test_a_one_time_code_that_one_process_took_is_taken_by_no_other(
    doors: list[http.client.HTTPConnection],
) -> None:
    shown, taken = code(), []
    for door in doors:
        browser = Browser()
        assert browser.sign_in(door, "warden") == CODE
        taken.append(browser.ask(door, CODE, {"code": shown}).status)
    assert taken == [302, 200, 200]


def test_any_process_tells_what_all_have_counted(
    installation: Installation, doors: list[http.client.HTTPConnection]
) -> None:
    def counted(door: http.client.HTTPConnection) -> float:
        text = str(Browser(address="127.0.0.1").ask(door, "/metrics").text)  # type: ignore[attr-defined]
        found = re.search(r'haihe_pages_total\{method="GET",status="404"\} (\S+)', text)
        return float(found[1]) if found else 0.0

    before = [counted(door) for door in doors]
    for door in doors:
        for _ in range(4):
            assert Browser().ask(door, "/nothing-here").status == 404
    assert [counted(door) for door in doors] == [before[0] + 4 * PROCESSES] * PROCESSES
    assert len(set(before)) == 1


class Load:
    """Reports one after another over fresh connections, each sent again until it is answered."""

    def __init__(self, installation: Installation, *, threads: int = 4) -> None:
        self.installation = installation
        self.filed: list[str] = []
        self.failures: list[str] = []
        self.refusals: list[str] = []
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=self._send, args=(n,), daemon=True) for n in range(threads)
        ]

    def __enter__(self) -> Load:
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for each in self._threads:
            each.join(timeout=60)

    def _send(self, number: int) -> None:
        turn = 0
        while not self._stopped.is_set():
            turn += 1
            browser = Browser(address=f"2001:db8:{number}:{turn:x}::1")
            sent = report()
            while not self._try(browser, sent):
                time.sleep(0.02)
            self.filed.append(sent["key"])

    def _try(self, browser: Browser, sent: dict[str, str]) -> bool:
        door = fresh(self.installation)
        try:
            if "csrftoken" not in browser.cookies:
                browser.ask(door, "/snap/token")
            answer = browser.ask(door, "/snap/report/queued", sent)
        except (OSError, http.client.HTTPException) as fault:
            self.failures.append(type(fault).__name__)
            return False
        finally:
            door.close()
        if answer.status != 200:
            self.refusals.append(f"{answer.status}: {answer.text}")  # type: ignore[attr-defined]
        return True


def wait_until(is_so: Callable[[], bool]) -> None:
    ends = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.05)


def must_all_be_filed(installation: Installation, load: Load) -> None:
    waiting = "select count(*) from snap_receipt where filed_at is null"
    wait_until(lambda: rows(installation, waiting) == [(0,)])
    known = Counter(str(key) for (key,) in rows(installation, "select draft from snap_snapreport"))
    assert load.refusals == []
    assert len(load.filed) > 20
    assert {known[key] for key in load.filed} == {1}


def test_the_kill_of_one_process_loses_no_report_and_the_others_answer_on(
    installation: Installation, supervisor: subprocess.Popen[str]
) -> None:
    with Load(installation) as load:
        time.sleep(1)
        for turn in range(PROCESSES):
            server = sorted(pid for pid in children(supervisor.pid) if pid in workers(supervisor))[
                0
            ]
            victim = server if turn % 2 else next(iter(children(server)))
            os.kill(victim, signal.SIGKILL)
            wait_until(
                lambda gone=server: not is_alive(gone) and len(workers(supervisor)) < 2 * PROCESSES
            )
            assert all(installation.get("/healthz")[0] == 200 for _ in range(20))
            wait_until(lambda: len(workers(supervisor)) == 2 * PROCESSES)
    must_all_be_filed(installation, load)
    assert len(load.failures) < 20, Counter(load.failures)


def test_pages_are_started_anew_one_by_one_while_reports_come_in(
    installation: Installation, supervisor: subprocess.Popen[str]
) -> None:
    before = set(workers(supervisor))
    with Load(installation) as load:
        supervisor.send_signal(signal.SIGUSR1)
        again = f"pages-{PROCESSES} was started anew"
        assert installation.until(again, supervisor, seconds=120), installation.output()
    wait_until(lambda: not any(is_alive(pid) for pid in before))
    assert len(workers(supervisor)) == 2 * PROCESSES
    must_all_be_filed(installation, load)
    assert load.failures == []


def test_ctrl_c_ends_every_process_of_pages_within_ten_seconds(installation: Installation) -> None:
    with Installation(
        installation.data.parent / "other", settings={"HAIHE_PAGES_PROCESSES": "2"}
    ).up() as process:
        below = workers(process)
        assert len(below) == 4
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
        assert time.monotonic() - began < 10
        assert not [pid for pid in below if is_alive(pid)]
