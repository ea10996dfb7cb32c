"""One whole Haihe from its first check to its last child: what `haihe up` does, in order."""

from __future__ import annotations

import http.client
import json
import shutil
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from http import HTTPStatus
from types import FrameType

from haihe.base.errors import HaiheError
from haihe.base.settings import Settings
from haihe.engine.postgres.address import embedded_folder
from haihe.engine.postgres.external import check_external
from haihe.engine.postgres.server import Server
from haihe.project.errors import ChildFailed
from haihe.project.pack import pack_folder
from haihe.project.processes import plan
from haihe.project.processes.folder import check_folder, check_mode, held
from haihe.project.processes.ports import check_port
from haihe.project.processes.preparation import prepare
from haihe.project.processes.serving import BACKLOG, DOOR
from haihe.project.processes.supervisor import Child, Supervisor, trim
from haihe.project.start import start_django

READY_SECONDS = 90.0
_DEATHS_AT_START = 4
"""A process that dies so often before anything answers will not come up."""
_TRIES_EACH = 6
COUNTED = "PROMETHEUS_MULTIPROC_DIR"
"""Tells the library of metrics where several processes count together."""
Tell = Callable[[str], None]


class Interrupted(BaseException):
    """Somebody asked us to stop; no `except Exception` on the way may swallow it."""


_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def signals_as_exception() -> Iterator[None]:
    """Ctrl-C, a service manager's stop and a closed terminal all end the block in order."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Interrupted

    before = {number: signal.signal(number, stop) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, known in before.items():
            signal.signal(number, known)


class House:
    """One Haihe. ``tell`` gets a line of progress each."""

    def __init__(self, settings: Settings, *, tell: Tell) -> None:
        self.settings = settings
        self.tell = tell
        self.is_renewal_asked = False
        self.door: socket.socket | None = None
        self.supervisor = Supervisor()
        self.server: Server | None = None

    def check(self) -> None:
        """Everything that can be refused is refused here, before anything is started."""
        settings = self.settings
        pack_folder(settings.city)
        for port in plan.ports(settings):
            check_port(settings.host, port.number, whose=port.whose, setting=port.setting)
        if settings.database_url:
            check_external(settings.database_url)
        check_mode(settings.data, demo=settings.demo)

    def run(self, *, when_ready: Callable[[], None]) -> None:
        """Start all, call ``when_ready``, and watch until interrupted; then stop all."""
        with ExitStack() as stack:
            check_folder(self.settings.data)
            stack.enter_context(held(self.settings.data, note=address(self.settings)))
            self.check()
            stack.enter_context(suppress(Interrupted))
            stack.enter_context(signals_as_exception())
            signal.signal(signal.SIGUSR1, self._ask_renewal)
            stack.callback(self.stop)
            self.start()
            when_ready()
            self.watch()

    def start(self) -> None:
        """Database, tables, processes, in demo mode a city; each told."""
        if not self.settings.database_url:
            self.tell("Starting the database ...")
            log = plan.logs(self.settings) / "database.log"
            self.server = Server(embedded_folder(self.settings), log=log)
            self.server.start()
            self.server.ensure_database()
        self.tell("Bringing the tables to this version ...")
        start_django()
        prepare()
        shutil.rmtree(plan.counted(self.settings), ignore_errors=True)
        plan.counted(self.settings).mkdir()
        processes = plan.processes(self.settings)
        self.tell(f"Starting {', '.join(process.name for process in processes)} ...")
        for process in processes:
            self.supervisor.add(self._child(process))
        self._wait_until_ready()
        if self.settings.demo:
            self._fill()

    def watch(self) -> None:
        """Keep all alive until interrupted."""
        while True:
            self.watch_once()
            if self.is_renewal_asked:
                self.is_renewal_asked = False
                self.renew_pages()
            time.sleep(0.2)

    def watch_once(self) -> None:
        """One round over the database and the children."""
        if self.server is not None:
            trim(plan.logs(self.settings) / "database.log")
            if self.server.pid is None:
                self._restart(self.server)
        for sentence in self.supervisor.watch():
            self.tell(sentence)

    def renew_pages(self) -> None:
        """Start each process of pages anew, one after another; asked for by SIGUSR1.

        The fresh one answers before the old one leaves, which finishes what it has begun.
        """
        for old in self._pages():
            fresh = Child(old.name, old.command, old.log, more=old.more, handed=old.handed)
            fresh.start()
            if not self._comes_up(fresh):
                fresh.end_group()
                self.tell(f"{old.name} does not come up anew, so the old one stays.")
                return
            self.supervisor.take_over(old, successor=fresh)
            self.tell(f"{old.name} was started anew.")

    def stop(self) -> None:
        """Stop the children, then the database: within ten seconds, whatever they do."""
        for number in _SIGNALS:  # a second Ctrl-C must not cut the stopping short
            signal.signal(number, signal.SIG_IGN)
        self.tell("Stopping ...")
        self.supervisor.stop(patience_seconds=3.0)
        if self.door is not None:
            self.door.close()
        if self.server is not None:
            self.server.stop(patience_seconds=3.0)
        self.tell("Stopped.")

    def _restart(self, server: Server) -> None:
        """What stopped it may pass (a full disk): say it, and try again with the next round."""
        self.tell("The database ended; starting it again.")
        try:
            server.start()
        except HaiheError as failure:
            self.tell(str(failure))
            time.sleep(5)

    def _ask_renewal(self, _number: int, _frame: FrameType | None) -> None:
        self.is_renewal_asked = True

    def _comes_up(self, child: Child) -> bool:
        ends = time.monotonic() + READY_SECONDS
        while child.is_alive and time.monotonic() < ends:
            if all_answer(self.settings, [child]):
                return True
            self.watch_once()
            time.sleep(0.1)
        return False

    def _pages(self) -> list[Child]:
        return [each for each in self.supervisor.children if plan.serves_pages(each.name)]

    def _child(self, process: plan.Process) -> Child:
        log = plan.logs(self.settings) / f"{process.name}.log"
        command = process.command(self.settings)
        if not plan.serves_pages(process.name):
            return Child(process.name, command, log)
        door = self._open_door().fileno()
        more = {COUNTED: str(plan.counted(self.settings)), DOOR: str(door)}
        return Child(process.name, command, log, more=more, handed=(door,))

    def _open_door(self) -> socket.socket:
        """The one socket at which the pages are asked; no connection waits at a process of theirs.

        So none is lost when a process ends: those that wait are taken by the others.
        """
        if self.door is None:
            where = (self.settings.host, self.settings.pages_port)
            family = socket.AF_INET6 if ":" in self.settings.host else socket.AF_INET
            self.door = socket.create_server(where, family=family, backlog=BACKLOG)
            self.door.setblocking(False)
        return self.door

    def _wait_until_ready(self) -> None:
        ends = time.monotonic() + READY_SECONDS
        while time.monotonic() < ends:
            self.watch_once()
            for child in self.supervisor.children:
                if child.deaths >= _DEATHS_AT_START:
                    raise ChildFailed(f"{child.name} does not come up: {child.last_words()}")
            if all_answer(self.settings, self._pages()) and self._services_listen():
                return
            time.sleep(0.1)
        words = "; ".join(f"{c.name}: {c.last_words()}" for c in self.supervisor.children[-1:])
        raise ChildFailed(f"The pages do not answer. {words}.")

    def _services_listen(self) -> bool:
        if all(child.name != "services" for child in self.supervisor.children):
            return True
        try:
            socket.create_connection(
                (self.settings.host, self.settings.services_port), timeout=1
            ).close()
        except OSError:
            return False
        return True

    def _fill(self) -> None:
        """The made-up city, once a data folder: begun again where it was cut off."""
        marker = self.settings.data / "demo.filled"
        filler = plan.filler()
        if marker.exists() or filler is None:
            return
        self.tell("Filling the city (the first time: a minute or two) ...")
        child = self._child(filler)
        child.is_shown = True
        child.start()
        self.supervisor.passing = child
        while child.is_alive:
            self.watch_once()
            time.sleep(0.1)
        self.supervisor.passing = None
        if child.process is None or child.process.returncode != 0:
            raise ChildFailed("The city could not be filled.", hint="Read the lines above.")
        marker.write_text("filled\n")


def address(settings: Settings) -> str:
    """Where the pages are."""
    host = "localhost" if settings.host in {"127.0.0.1", "0.0.0.0"} else settings.host  # noqa: S104
    return f"http://{host}:{settings.pages_port}"


def all_answer(settings: Settings, pages: list[Child]) -> bool:
    """Whether each of these processes of pages answers that it is well.

    They share one port, and the kernel chooses who gets a connection: so a few times each is asked.
    """
    wanted = {child.process.pid for child in pages if child.process is not None}
    for _ in range(_TRIES_EACH * len(pages)):
        wanted.discard(answering(settings))
        if not wanted:
            return True
    return False


def answering(settings: Settings) -> int:
    """The process of pages that answers now that it is well; 0 if none does."""
    connection = http.client.HTTPConnection(settings.host, settings.pages_port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": settings.hosts.split(",")[0]})
        answer = connection.getresponse()
        return int(json.loads(answer.read())["process"]) if answer.status == HTTPStatus.OK else 0
    except (OSError, http.client.HTTPException, ValueError, KeyError):
        return 0
    finally:
        connection.close()
