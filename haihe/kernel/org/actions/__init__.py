"""The verbs of org, by what they act on."""

from haihe.kernel.org.actions.accounts import (
    change_password,
    lock,
    make_account,
    register_account,
    reset,
    unlock,
)
from haihe.kernel.org.actions.departments import make_department, make_post
from haihe.kernel.org.actions.founding import found_administrator
from haihe.kernel.org.actions.officers import (
    enrol,
    join,
    leave,
    move,
    take_post,
    transfer,
)
from haihe.kernel.org.actions.permissions import give_permission, take_permission

__all__ = [
    "change_password",
    "enrol",
    "found_administrator",
    "give_permission",
    "join",
    "leave",
    "lock",
    "make_account",
    "make_department",
    "make_post",
    "move",
    "register_account",
    "reset",
    "take_permission",
    "take_post",
    "transfer",
    "unlock",
]
