"""What can be done in the catalogue. The only code that writes its rows."""

from haihe.kernel.catalogue.actions.demands import (
    grant_demand,
    raise_demand,
    refuse_demand,
    withdraw_demand,
    withdraw_grant,
)
from haihe.kernel.catalogue.actions.lists import (
    add_negative_entry,
    add_purpose,
    add_responsibility,
    change_responsibility,
    end_negative_entry,
    review_negative_entry,
)
from haihe.kernel.catalogue.actions.resources import (
    confirm_resource,
    propose_resource,
    publish_resource,
    publish_resources,
    set_classes,
)
from haihe.kernel.catalogue.actions.sheets import Outcome, import_sheets, try_sheets
from haihe.kernel.catalogue.actions.systems import pause_system, register_system, resume_system

__all__ = [
    "Outcome",
    "add_negative_entry",
    "add_purpose",
    "add_responsibility",
    "change_responsibility",
    "confirm_resource",
    "end_negative_entry",
    "grant_demand",
    "import_sheets",
    "pause_system",
    "propose_resource",
    "publish_resource",
    "publish_resources",
    "raise_demand",
    "refuse_demand",
    "register_system",
    "resume_system",
    "review_negative_entry",
    "set_classes",
    "try_sheets",
    "withdraw_demand",
    "withdraw_grant",
]
