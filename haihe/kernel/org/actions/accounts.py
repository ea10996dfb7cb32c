"""Accounts: made, locked, unlocked, their passwords changed. How one signs in: see ``tries``."""

from __future__ import annotations

import re

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.org import internals
from haihe.kernel.org.errors import BadName, GivenToOneself, NameTaken, WeakPassword
from haihe.kernel.org.models import Account, plain_name

_NAME = re.compile(r"[^\W_][\w.-]{2,59}")


def make_account(
    *, by: Actor, username: str, password: str | None, language: str = "zh-hans"
) -> Account:
    """Make an account for an officer to be. Without a password nobody signs in until a reset.

    A password that an officer gives is only good for choosing another.
    Errors: ``org.account.taken``, ``org.account.bad_name``, ``org.account.weak_password``.
    """
    by.must("org.account.make")
    with transaction.atomic():
        is_given = password is not None and by.kind == "officer"
        account = _create(username, password, language, is_given=is_given)
        ledger.record(by=by, kind="org.account.made", body={"account": account.pk})
    return account


def register_account(*, username: str, password: str, language: str = "zh-hans") -> Account:
    """A citizen opens an account of their own; it belongs to nobody until proofed (``people``).

    Needs no permission: anyone may. Errors as ``make_account``.
    """
    with transaction.atomic():
        account = _create(username, password, language)
        by = Actor(kind="citizen", name=str(account.pk))
        ledger.record(by=by, kind="org.account.made", body={"account": account.pk})
    return account


def lock(*, by: Actor, account: Account) -> None:
    """Lock an account: every session ends at once, no sign-in until ``unlock``.

    Errors: ``org.administrator.last``.
    """
    by.must("org.account.lock")
    with transaction.atomic(), internals.keeping_administrators(by):
        Account.objects.filter(pk=account.pk).update(
            locked_at=now(), session_epoch=F("session_epoch") + 1
        )
        ledger.record(by=by, kind="org.account.locked", body={"account": account.pk})


def unlock(*, by: Actor, account: Account) -> None:
    """Lift the lock. Nobody unlocks their own account."""
    by.must("org.account.unlock")
    if by.name == str(account.pk):
        raise GivenToOneself
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(locked_at=None)
        ledger.record(by=by, kind="org.account.unlocked", body={"account": account.pk})


def change_password(*, by: Actor, account: Account, password: str) -> None:
    """Set one's own password; every other session ends.

    Errors: ``haihe.not_permitted`` for another's account, ``org.account.weak_password``.
    """
    if by.name != str(account.pk):
        by.must("org.account.reset")
    _check_password(password, account)
    with transaction.atomic():
        account.set_password(password)
        account.has_given_password = by.name != str(account.pk)
        account.save(update_fields=["password", "has_given_password"])
        ledger.record(by=by, kind="org.password.changed", body={"account": account.pk})


def reset(*, by: Actor, account: Account, password: str) -> None:
    """Give an account a new password and end its sessions; it is only good for choosing another.

    The second factor goes with ``ui.sign_in``, which keeps it.
    Errors: ``org.permission.own``, ``org.account.weak_password``.
    """
    by.must("org.account.reset")
    if by.name == str(account.pk):
        raise GivenToOneself
    _check_password(password, account)
    with transaction.atomic():
        account.set_password(password)
        account.has_given_password = True
        account.session_epoch = F("session_epoch") + 1
        account.save(update_fields=["password", "has_given_password", "session_epoch"])
        account.refresh_from_db(fields=["session_epoch"])
        ledger.record(by=by, kind="org.account.reset", body={"account": account.pk})


def _create(
    username: str, password: str | None, language: str, *, is_given: bool = False
) -> Account:
    username = plain_name(username)
    if not _NAME.fullmatch(username):
        raise BadName
    account = Account(username=username, language=language, has_given_password=is_given)
    if password is None:
        account.set_unusable_password()
    else:
        _check_password(password, account)
        account.set_password(password)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError:
        raise NameTaken from None
    return account


def _check_password(password: str, account: Account) -> None:
    try:
        validate_password(password, account)
    except ValidationError as fault:
        raise WeakPassword(" ".join(fault.messages)) from None
