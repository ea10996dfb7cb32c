"""`haihe ledger`: verify the ledger, show its newest checkpoint, a promise, its state.

Whoever is outside copies it and checks a promise with `pip install haihe` alone: no Django.
"""

from __future__ import annotations

import importlib
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console

from haihe.base import sealing
from haihe.base.errors import BadInput
from haihe.base.settings import settings
from haihe.edges.tlog.checkpoints import read_checkpoint
from haihe.edges.tlog.notes import VerifierKey, read_verifier_key
from haihe.engine.merkle.numbering import connect
from haihe.engine.merkle.promise import Promise, promise_text, read_promise, verify_promise
from haihe.engine.merkle.secrets import SubjectSecrets
from haihe.kernel.ledger.audit import Audit, Evidence, Head, Report
from haihe.kernel.ledger.copies import copy_at, save_copy
from haihe.kernel.ledger.keys import log_files, log_key
from haihe.kernel.ledger.keys import witness as known_witness
from haihe.kernel.ledger.promised import WITHIN, Verdict
from haihe.kernel.ledger.promised import check_promise as judge
from haihe.kernel.ledger.witnessing import NoWitness, Witness
from haihe.project.database import running_database
from haihe.project.start import start_django

app = typer.Typer(no_args_is_help=True)
_out = Console(highlight=False, soft_wrap=True)


@app.command()
def checkpoint() -> None:
    """Print the newest published checkpoint, with its cosignatures."""
    _out.print(_queries().checkpoint(), end="", markup=False)


@app.command()
def promise(entry: Annotated[UUID, typer.Argument(help="The entry's id.")]) -> None:
    """Print the log's signed promise that an entry stands, or will stand, in it."""
    queries = _queries()
    with running_database():
        _out.print(promise_text(queries.promise_of(entry)).decode(), markup=False)


@app.command()
def copy(
    folder: Annotated[Path, typer.Argument(help="Folder to save it in; may hold an older copy.")],
    log: Annotated[str, typer.Option(help="The log's public address, which ends in /ledger.")],
) -> None:
    """Save a copy of the log's public files: checkpoint, tiles, entry bundles. No Django."""
    size = save_copy(copy_at(log), folder=folder)
    _out.print(f"Saved: a log of {size} entries.", markup=False)


@app.command()
def check_promise(
    file: Annotated[Path, typer.Argument(help="A promise, or the whole answer that it came with.")],
    log: Annotated[str, typer.Option(help="A saved copy's folder, or the log's public address.")],
    key: Annotated[str, typer.Option(help="The log's verifier key, from a source you trust.")],
    checkpoint: Annotated[
        list[Path] | None, typer.Option(help="An older checkpoint; may be given again.")
    ] = None,
    within: Annotated[
        int, typer.Option(help="Seconds that the log may take after a promise.", min=0)
    ] = int(WITHIN.total_seconds()),
) -> None:
    """Check a promise against the log's public files alone. Exit code 1 if the log broke it.

    Needs no database, no Django and nothing of the operator's but what is public.
    """
    verifier = read_verifier_key(key)
    verdict = judge(
        read_promise(_text(file).encode()),
        copy=copy_at(log),
        key=verifier,
        older=[
            (read_checkpoint(_text(path), key=verifier), f"the checkpoint in {path.name}")
            for path in checkpoint or []
        ],
        within=timedelta(seconds=within),
    )
    _say(verdict)
    if verdict.findings:
        raise typer.Exit(1)


def _say(verdict: Verdict) -> None:
    for sentence in verdict.notes:
        _out.print(sentence, markup=False)
    for sentence in verdict.findings:
        _out.print(sentence, style="red", markup=False)
    if verdict.findings:
        _out.print("The log is convicted.", style="bold red", markup=False)
    else:
        kept = f"The promise is kept: entry number {verdict.number} of {verdict.size}."
        _out.print(kept, style="green", markup=False)


@app.command()
def status() -> None:
    """Print the log's size, what waits, and since when a witness is missing."""
    queries = _queries()
    with running_database():
        state = queries.summary()
    _out.print(f"origin    {settings().ledger_name}", markup=False)
    _out.print(f"key       {log_key(settings()).verifier.text}", markup=False)
    _out.print(f"entries   {state.size} numbered, {state.waiting} waiting", markup=False)
    _out.print(f"signed    {state.signed_at or 'never'}", markup=False)
    _out.print(f"witness   {_witness(state)}", markup=False)


@app.command()
def verify(
    checkpoint: Annotated[
        list[Path] | None, typer.Option(help="An older checkpoint; may be given again.")
    ] = None,
    promise: Annotated[
        list[Path] | None, typer.Option(help="A promise as it came with an answer.")
    ] = None,
    witness: Annotated[
        str, typer.Option(help="Ask this witness (HAIHE_WITNESS_KEY) what it saw last.")
    ] = "",
) -> None:
    """Recompute every entry, leaf and root; say what was altered. Exit code 1 if anything was."""
    evidence = Evidence(
        heads=[_given_head(path) for path in checkpoint or []],
        promises=[_given_promise(path) for path in promise or []],
    )
    notes = _ask_witness(witness, evidence)
    with running_database() as url, closing(connect(url)) as connection:
        report = Audit(
            connection,
            files=log_files(settings()),
            key=log_key(settings()).verifier,
            secrets=SubjectSecrets(sealing.key(settings().keys_path, "ledger")),
            witness=_witness_key(),
        ).run(evidence)
    _show(report, notes)
    if report.findings:
        raise typer.Exit(1)


@app.command()
def declare_break(
    by: Annotated[str, typer.Option(help="Sign-in name of a system administrator.")],
    approved_by: Annotated[str, typer.Option(help="Sign-in name of an audit administrator.")],
    reason: Annotated[str, typer.Option(help="Why the log was set back, without personal data.")],
    checkpoint: Annotated[
        list[Path] | None, typer.Option(help="A checkpoint of the lost log; may be given again.")
    ] = None,
) -> None:
    """After a restore: declare that the log was set back, have it cosigned, replay erasures.

    Both passwords are asked for, or read from standard input, a line each. The break starts from
    the largest checkpoint given, published or seen by the witness.
    """
    given = [_text(path) for path in checkpoint or []]
    with running_database():
        done = _duties().declare_break(by=by, approved_by=approved_by, reason=reason, given=given)
    what = done.declared.what
    _out.print(
        f"Break {what.ordinal} is declared: of {what.old_size} entries, "
        f"what stood from number {what.kept} on was lost.",
        markup=False,
    )
    _out.print(f"Erasures carried out again: {done.declared.replayed}.", markup=False)
    if done.declared.waiting:
        _out.print(f"Erasures that wait for a look's term: {done.declared.waiting}.", markup=False)
    said = "The witness co-signed it." if done.is_cosigned else "No witness has co-signed it yet."
    _out.print(said, markup=False)


@app.command()
def erase(
    by: Annotated[str, typer.Option(help="Sign-in name of an audit administrator.")],
    approved_by: Annotated[str, typer.Option(help="Sign-in name of another one.")],
    basis: Annotated[str, typer.Option(help="Law and article, or the person's request.")],
    scheme: Annotated[str, typer.Option(help="The number's scheme: cn.person, for example.")],
) -> None:
    """Erase a subject: own rows, and the key to what the ledger says of them. For good.

    Both passwords and then the number are asked for unseen, or read from standard input, a line
    each. Refused while a look at the subject is younger than its legal term.
    """
    with running_database():
        done = _duties().erase(by=by, approved_by=approved_by, basis=basis, scheme=scheme)
    _out.print(f"Erased: the key, and {done.rows} rows. Entry {done.entry}.", markup=False)


def _duties() -> Any:
    """What two administrators do: it needs Django."""
    start_django()
    return importlib.import_module("haihe.project.ledger_duties")


def _queries() -> Any:
    """The noun's reads: they need Django, which checking from outside does without."""
    start_django()
    return importlib.import_module("haihe.kernel.ledger.queries")


def _show(report: Report, notes: list[str]) -> None:
    for sentence in [*notes, *report.notes]:
        _out.print(sentence, markup=False)
    for sentence in report.findings:
        _out.print(sentence, style="red", markup=False)
    if report.more:
        _out.print(f"… and {report.more} more.", style="red", markup=False)
    erased = f", {report.erased} of them erased by law" if report.erased else ""
    counted = f"{report.entries} entries{erased}, {report.heads} checkpoints"
    if report.findings:
        _out.print(f"The ledger was tampered with ({counted}).", style="bold red", markup=False)
    else:
        _out.print(f"The ledger is whole: {counted}.", style="green", markup=False)


def _given_head(path: Path) -> Head:
    checkpoint = read_checkpoint(_text(path), key=log_key(settings()).verifier)
    return Head(checkpoint, f"the checkpoint in {path.name}")


def _given_promise(path: Path) -> Promise:
    found = read_promise(_text(path).encode())
    key = log_key(settings())
    verify_promise(found, key=key.private.public_key(), origin=key.name)
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise BadInput(f"The file {path} can't be read.") from None


def _ask_witness(url: str, evidence: Evidence) -> list[str]:
    """Add what the witness saw to the evidence; a note where the configured one is away."""
    key = _witness_key()
    asked = Witness(url, key=key) if url and key else known_witness(settings())
    if url and key is None:
        raise BadInput("The witness's key is not known.", hint="Set HAIHE_WITNESS_KEY.")
    if asked is None:
        return ["No witness is known: set HAIHE_WITNESS_URL and HAIHE_WITNESS_KEY."]
    try:
        found = asked.head(settings().ledger_name)
    except NoWitness as fault:
        if url:
            raise
        return [fault.message]
    if found is None:
        return ["The witness has seen nothing of this log yet."]
    seen = datetime.fromtimestamp(found[2].time, UTC).isoformat()
    evidence.heads.append(Head(found[1], f"what the witness saw at {seen}"))
    return []


def _witness_key() -> VerifierKey | None:
    if settings().witness_key:
        return read_verifier_key(settings().witness_key)
    known = known_witness(settings())
    return known.key if known else None


def _witness(state: Any) -> str:
    if state.is_cosigned:
        return f"co-signed at {state.cosigned_at}"
    if state.awaited_since is None:
        return "nothing to co-sign yet"
    return f"not co-signed since {state.awaited_since}: {_why_absent()}"


def _why_absent() -> str:
    known = known_witness(settings())
    if known is None:
        return "no HAIHE_WITNESS_URL is set"
    try:
        known.head(settings().ledger_name)
    except NoWitness as fault:
        return f"{fault.message} {fault.hint}"
    return "the witness answers, but has not signed. Run `haihe ledger verify`."
