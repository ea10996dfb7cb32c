"""`haihe ledger` and `haihe sequencer` as an operator runs them, over a log of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from haihe.base import sealing
from haihe.base.actor import Actor
from haihe.base.settings import settings
from haihe.edges.tlog.notes import ED25519, SigningKey
from haihe.kernel.ledger import queries
from haihe.kernel.ledger.log_files import LogFiles
from haihe.kernel.ledger.models import Checkpoint, Entry
from haihe.kernel.ledger.sequencing import Sequencer
from haihe.kernel.org import actions
from haihe.kernel.org import queries as org
from haihe.kernel.people.models import Person
from tests.ledger import kit
from tests.ledger.test_witness import standin
from tests.org import builders
from tests.people.test_forgetting import aged, registered
from tests.people.test_subjects import number

pytestmark = pytest.mark.django_db(transaction=True)
Run = Callable[..., subprocess.CompletedProcess[str]]
Start = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture
def variables(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An installation's folder of its own over the test database, with a witness."""
    keys = tmp_path / "data" / "keys"
    keys.mkdir(parents=True)
    for name in ("ledger", "index"):
        (keys / f"{name}.key").write_bytes(sealing.key(settings().keys_path, name))
    log = SigningKey(kit.KEY.name, ED25519, sealing.key(keys, "log"))
    with standin(tmp_path / "w", log.verifier) as witness:
        yield {
            **os.environ,
            "HAIHE_DATA": str(tmp_path / "data"),
            "HAIHE_DATABASE_URL": kit.url(),
            "HAIHE_LEDGER_ORIGIN": kit.KEY.name,
            "HAIHE_WITNESS_URL": witness.url,
            "HAIHE_WITNESS_KEY": witness.key.text,
            "HAIHE_LOG_LEVEL": "error",
        }


@pytest.fixture
def haihe(variables: dict[str, str]) -> Run:
    def run(*words: str | Path, typed: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "haihe.project.command", *words]
        return subprocess.run(
            command, env=variables, capture_output=True, text=True, check=False, input=typed
        )

    return run


@pytest.fixture
def sequencer(variables: dict[str, str]) -> Iterator[None]:
    command = [sys.executable, "-m", "haihe.project.command", "sequencer"]
    with subprocess.Popen(command, env=variables) as process:
        yield
        process.terminate()
        assert process.wait(timeout=10) == 0


def wait_for(size: int) -> float:
    """Seconds until a checkpoint covers so many entries."""
    began = time.monotonic()
    while not Checkpoint.objects.filter(size__gte=size).exists():
        assert time.monotonic() < began + 20
        time.sleep(0.01)
    return time.monotonic() - began


@pytest.mark.usefixtures("sequencer")
def test_an_entry_is_signed_and_cosigned_soon_even_beside_a_long_transaction(haihe: Run) -> None:
    kit.write(1)
    wait_for(1)
    with closing(psycopg.connect(kit.url())) as long:
        kit.enter(long)
        kit.write(1)
        assert wait_for(2) < 5  # a second on an idle machine
        long.commit()
        wait_for(3)
    while not queries.summary().is_cosigned:
        time.sleep(0.05)
    told = haihe("ledger", "status").stdout
    assert "3 numbered, 0 waiting" in told
    assert "co-signed at" in told


@pytest.mark.usefixtures("sequencer")
def test_verify_says_what_was_altered_and_fails(haihe: Run, tmp_path: Path) -> None:
    made = kit.write(5, subject=b"p" * 16)
    wait_for(5)
    while not queries.summary().is_cosigned:
        time.sleep(0.05)
    (tmp_path / "old").write_text(haihe("ledger", "checkpoint").stdout)
    (tmp_path / "promise").write_text(haihe("ledger", "promise", str(made[4])).stdout)
    evidence = ("--checkpoint", tmp_path / "old", "--promise", tmp_path / "promise")
    whole = haihe("ledger", "verify", *evidence)
    assert (whole.returncode, whole.stderr) == (0, "")
    assert "The ledger is whole: 5 entries" in whole.stdout
    kit.as_owner("update ledger_entry set purpose = 'other' where id = %s", [made[2]])
    altered = haihe("ledger", "verify", *evidence)
    assert altered.returncode == 1
    assert f"({made[2]}) was altered" in altered.stdout


def administrator(username: str, *permissions: str) -> None:
    """An officer who signs in with the password that is the name twice."""
    of = builders.department()
    actions.join(
        by=builders.founder(),
        account=builders.account(username, password=f"{username} {username}"),
        department=of,
        name="Someone",
        post=builders.post(of, *permissions),
    )


def test_two_administrators_declare_a_break_at_the_console(haihe: Run, tmp_path: Path) -> None:
    administrator("systematic", "ledger.break.declare")
    administrator("auditing", "ledger.break.approve")
    kept = grown(tmp_path)
    kit.write(5)
    grown(tmp_path)
    (tmp_path / "old").write_text(haihe("ledger", "checkpoint").stdout)
    set_back(kept)
    evidence = ("--checkpoint", tmp_path / "old")
    assert haihe("ledger", "verify", *evidence).returncode == 1
    words = ("ledger", "declare-break", "--by", "systematic", "--approved-by", "auditing",
             "--reason", "The disk failed", *evidence)  # fmt: skip
    wrong = haihe(*words, typed="systematic systematic\nno\n")
    assert wrong.returncode == 1
    assert "[console.not_recognised]" in wrong.stderr
    right = haihe(*words, typed="systematic systematic\nauditing auditing\n")
    assert right.returncode == 0, right.stderr
    assert f"of {kept + 5} entries, what stood from number {kept} on was lost" in right.stdout
    told = haihe("ledger", "verify", *evidence)
    assert told.returncode == 0, told.stdout
    assert "break 1 says why" in told.stdout


def test_two_auditors_erase_a_subject_at_the_console(haihe: Run) -> None:
    administrator("first_auditor", "ledger.subject.erase")
    administrator("second_auditor", "ledger.subject.erase")
    words = ("ledger", "erase", "--by", "first_auditor", "--approved-by", "second_auditor",
             "--basis", "PIPL 47", "--scheme", "luhn.person")  # fmt: skip
    passwords = "first_auditor first_auditor\nsecond_auditor second_auditor\n"
    wrong = haihe(*words, typed=f"{passwords}1234567890\n")
    assert wrong.returncode == 1
    assert "[people.number.bad]" in wrong.stderr
    right = haihe(*words, typed=f"{passwords}{number()}\n")
    assert right.returncode == 0, right.stderr
    entry = Entry.objects.get(kind="ledger.subject.erased")
    assert str(entry.id) in right.stdout
    assert (entry.body["entries"], entry.body["rows"]) == (0, 0)
    assert number() not in right.stdout + str(entry.body)


def test_a_person_erased_before_a_restore_is_erased_again_with_their_rows(
    haihe: Run, tmp_path: Path
) -> None:
    for name, permission in (
        ("first_auditor", "ledger.subject.erase"),
        ("second_auditor", "ledger.subject.erase"),
        ("systematic", "ledger.break.declare"),
        ("auditing", "ledger.break.approve"),
    ):
        administrator(name, permission)
    person = registered()
    aged(days=1200)
    kept = grown(tmp_path)
    erased = haihe(
        "ledger", "erase", "--by", "first_auditor", "--approved-by", "second_auditor",
        "--basis", "PIPL 47", "--scheme", "luhn.person",
        typed=f"first_auditor first_auditor\nsecond_auditor second_auditor\n{number()}\n",
    )  # fmt: skip
    assert erased.returncode == 0, erased.stderr
    grown(tmp_path)
    (tmp_path / "old").write_text(haihe("ledger", "checkpoint").stdout)
    set_back(kept)
    person.save(force_insert=True)
    told = haihe(
        "ledger", "declare-break", "--by", "systematic", "--approved-by", "auditing",
        "--reason", "The disk failed", "--checkpoint", tmp_path / "old",
        typed="systematic systematic\nauditing auditing\n",
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert "Erasures carried out again: 1." in told.stdout
    assert not Person.objects.exists()
    assert Entry.objects.get(kind="ledger.subject.erased").body["rows"] == 1


def grown(folder: Path) -> int:
    """The size of the installation's log once all entries are numbered."""
    key = SigningKey(kit.KEY.name, ED25519, sealing.key(folder / "data/keys", "log"))
    sequencer = Sequencer(kit.url(), files=LogFiles(folder / "data/ledger"), key=key)
    sequencer.step()
    sequencer.close()
    return Checkpoint.objects.latest("size").size


def set_back(kept: int) -> None:
    """The database as a backup of that size would leave it."""
    kit.as_owner(
        "delete from ledger_entry using ledger_numbered where entry = id and number >= %s",
        [kept],
    )
    kit.as_owner("delete from ledger_numbered where number >= %s", [kept])
    kit.as_owner("delete from ledger_checkpoint where size > %s", [kept])


@pytest.mark.parametrize("way", ["reset", "made"])
def test_whoever_sets_a_password_does_not_act_as_its_holder(haihe: Run, way: str) -> None:
    administrator("first_auditor", "ledger.subject.erase")
    administrator("second_auditor", "ledger.subject.erase")
    words = ("ledger", "erase", "--by", "first_auditor", "--approved-by", "second_auditor",
             "--basis", "PIPL 47", "--scheme", "luhn.person")  # fmt: skip
    attacker = Actor("officer", "77", permissions=frozenset({"org.account.reset"}))
    account = org.account_named("second_auditor")
    assert account is not None
    typed = f"first_auditor first_auditor\nknown to another\n{number()}\n"
    if way == "reset":
        actions.reset(by=attacker, account=account, password="known to another")
    else:
        account.set_password("known to another")
        account.save()
        kit.as_owner("update ledger_entry set actor = 'officer:77' where kind = 'org.account.made'"
                     " and body->>'account' = %s", [str(account.pk)])  # fmt: skip
    told = haihe(*words, typed=typed)
    assert told.returncode == 1
    assert "[console.password_fresh]" in told.stderr
    assert not Entry.objects.filter(kind="ledger.subject.erased").exists()


def test_what_is_no_evidence_is_refused_in_a_sentence(haihe: Run, tmp_path: Path) -> None:
    (tmp_path / "wrong").write_bytes(b"\xff")
    for words in (
        ("--checkpoint", tmp_path / "absent"),
        ("--promise", tmp_path / "wrong"),
        ("--witness", "file:///etc/passwd"),
    ):
        told = haihe("ledger", "verify", *words)
        assert told.returncode == 1
        assert "Traceback" not in told.stderr
        assert told.stderr.strip()
