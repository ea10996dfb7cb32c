"""One whole Haihe from its first check to its last child: what `haihe up` does, in order."""

from __future__ import annotations

import http.client
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from types import FrameType

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
from haihe.project.processes.supervisor import Child, Supervisor
from haihe.project.start import start_django

READY_SECONDS = 60.0
Tell = Callable[[str], None]


class Interrupted(Exception):
    """Somebody asked us to stop."""


@contextmanager
def signals_as_exception() -> Iterator[None]:
    """Ctrl-C, a service manager's stop and a closed terminal all end the block in order."""
    stopping = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        if not stopping:  # a second Ctrl-C must not cut the stopping short
            stopping = True
            raise Interrupted

    before = {n: signal.signal(n, stop) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class House:
    """One Haihe. ``tell`` gets a line of progress each."""

    def __init__(self, settings: Settings, *, tell: Tell) -> None:
        self.settings = settings
        self.tell = tell
        self.supervisor = Supervisor()
        self.server: Server | None = None

    def check(self) -> None:
        """Everything that can be refused is refused here, before anything is started."""
        settings = self.settings
        pack_folder(settings.city)
        check_folder(settings.data)
        check_port(settings.host, settings.pages_port, variable="HAIHE_PAGES_PORT")
        check_port(settings.host, settings.services_port, variable="HAIHE_SERVICES_PORT")
        if settings.database_url:
            check_external(settings.database_url)

    def run(self, *, when_ready: Callable[[], None]) -> None:
        """Start all, call ``when_ready``, and watch until interrupted; then stop all."""
        where = f"{address(self.settings)}"
        with ExitStack() as stack:
            check_folder(self.settings.data)
            stack.enter_context(held(self.settings.data, note=where))
            self.check()
            check_mode(self.settings.data, demo=self.settings.demo)
            stack.enter_context(suppress(Interrupted))
            stack.callback(self.stop)
            stack.enter_context(signals_as_exception())
            self.start()
            when_ready()
            self.watch()

    def start(self) -> None:
        """Database, tables, processes; each told."""
        if not self.settings.database_url:
            self.tell("Starting the database ...")
            self.server = Server(embedded_folder(self.settings))
            self.server.start()
            self.server.ensure_database()
        self.tell("Bringing the tables to this version ...")
        start_django()
        prepare()
        for process in plan.processes(self.settings):
            self.tell(f"Starting {process.name} ...")
            log = plan.logs(self.settings) / f"{process.name}.log"
            self.supervisor.add(Child(process.name, process.command, log, process.variables))
        self._wait_for_pages()

    def watch(self) -> None:
        """Keep all alive until interrupted."""
        while True:
            self.watch_once()
            time.sleep(0.2)

    def watch_once(self) -> None:
        """One round over the database and the children."""
        if self.server is not None and self.server.pid is None:
            self.tell("The database ended; starting it again.")
            self.server.start()
        for sentence in self.supervisor.watch():
            self.tell(sentence)

    def stop(self) -> None:
        """Stop the children, then the database."""
        self.tell("Stopping ...")
        self.supervisor.stop()
        if self.server is not None:
            self.server.stop()
        self.tell("Stopped.")

    def _wait_for_pages(self) -> None:
        ends = time.monotonic() + READY_SECONDS
        while time.monotonic() < ends:
            self.watch_once()
            if answers(self.settings):
                return
            time.sleep(0.1)
        raise ChildFailed("The pages do not answer.")


def address(settings: Settings) -> str:
    """Where the pages are."""
    host = "localhost" if settings.host in {"127.0.0.1", "0.0.0.0"} else settings.host  # noqa: S104
    return f"http://{host}:{settings.pages_port}"


def answers(settings: Settings) -> bool:
    """Whether the pages answer that they are well."""
    connection = http.client.HTTPConnection(settings.host, settings.pages_port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": settings.hosts.split(",")[0]})
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def is_there(module: str) -> bool:
    """Whether an optional part is installed."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
