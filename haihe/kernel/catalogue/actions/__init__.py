"""What can be done in the catalogue. The only code that writes its rows."""

from haihe.kernel.catalogue.actions.deletions import (
    ask_deletion,
    ask_deletions,
    confirm_deletion,
    note_found,
    prove_deletion,
)
from haihe.kernel.catalogue.actions.demands import (
    grant_demand,
    raise_demand,
    refuse_demand,
    withdraw_demand,
)
from haihe.kernel.catalogue.actions.grants import (
    ask_renewal,
    ask_return_flow,
    refuse_renewal,
    renew_grant,
    withdraw_grant,
)
from haihe.kernel.catalogue.actions.lists import (
    add_negative_entry,
    add_purpose,
    add_responsibility,
    end_negative_entry,
)
from haihe.kernel.catalogue.actions.resources import (
    confirm_resource,
    propose_resource,
    publish_resource,
    publish_resources,
    set_classes,
)
from haihe.kernel.catalogue.actions.systems import pause_system, register_system, resume_system

__all__ = [
    "add_negative_entry",
    "add_purpose",
    "add_responsibility",
    "ask_deletion",
    "ask_deletions",
    "ask_renewal",
    "ask_return_flow",
    "confirm_deletion",
    "confirm_resource",
    "end_negative_entry",
    "grant_demand",
    "note_found",
    "pause_system",
    "propose_resource",
    "prove_deletion",
    "publish_resource",
    "publish_resources",
    "raise_demand",
    "refuse_demand",
    "refuse_renewal",
    "register_system",
    "renew_grant",
    "resume_system",
    "set_classes",
    "withdraw_demand",
    "withdraw_grant",
]
