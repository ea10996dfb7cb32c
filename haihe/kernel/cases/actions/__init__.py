"""What can be done with cases and their types. The only code that writes their rows."""

from haihe.kernel.cases.actions.clocks import recount_clocks, sweep_clocks
from haihe.kernel.cases.actions.filing import file_report
from haihe.kernel.cases.actions.filing_many import file_reports
from haihe.kernel.cases.actions.handing import hand_over
from haihe.kernel.cases.actions.importing import import_case
from haihe.kernel.cases.actions.items import load_items
from haihe.kernel.cases.actions.learning import Learned, learn_texts
from haihe.kernel.cases.actions.mirroring import mirror_step
from haihe.kernel.cases.actions.opening import open_case
from haihe.kernel.cases.actions.opening_many import open_many
from haihe.kernel.cases.actions.reading import open_photo, read_case
from haihe.kernel.cases.actions.remarks import erase_remarks
from haihe.kernel.cases.actions.steps import (
    dispatch,
    escalate,
    extend,
    finish_task,
    merge,
    rate,
    reopen,
    resume,
    send_back,
    suspend,
    take_step,
    urge,
    whistle,
)
from haihe.kernel.cases.actions.taking_out import take_out
from haihe.kernel.cases.actions.types import (
    approve_type,
    draft_type,
    load_types,
    migrate_cases,
    preview_type,
    publish_type,
)

__all__ = [
    "Learned",
    "approve_type",
    "dispatch",
    "draft_type",
    "erase_remarks",
    "escalate",
    "extend",
    "file_report",
    "file_reports",
    "finish_task",
    "hand_over",
    "import_case",
    "learn_texts",
    "load_items",
    "load_types",
    "merge",
    "migrate_cases",
    "mirror_step",
    "open_case",
    "open_many",
    "open_photo",
    "preview_type",
    "publish_type",
    "rate",
    "read_case",
    "recount_clocks",
    "reopen",
    "resume",
    "send_back",
    "suspend",
    "sweep_clocks",
    "take_out",
    "take_step",
    "urge",
    "whistle",
]
