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
from haihe.kernel.org.actions.permissions import (
    give_permission,
    give_permissions,
    take_permission,
)
from haihe.kernel.org.actions.shifts import cover_grids, plan_day, plan_week, set_dispatcher
from haihe.kernel.org.actions.stand_ins import end_absence, name_stand_in

__all__ = [
    "change_password",
    "cover_grids",
    "end_absence",
    "enrol",
    "found_administrator",
    "give_permission",
    "give_permissions",
    "join",
    "leave",
    "lock",
    "make_account",
    "make_department",
    "make_post",
    "move",
    "name_stand_in",
    "plan_day",
    "plan_week",
    "register_account",
    "reset",
    "set_dispatcher",
    "take_permission",
    "take_post",
    "transfer",
    "unlock",
]
