"""What can be done in exchange. The only code that writes its rows."""

from haihe.kernel.exchange.actions.deleting import (
    ask_for_lives_over,
    delete_delivered,
)
from haihe.kernel.exchange.actions.exports import (
    Download,
    ask_whole,
    download,
    register_key,
)
from haihe.kernel.exchange.actions.lake import (
    Cared,
    Erasure,
    care_for_lake,
    erase_from_lake,
)
from haihe.kernel.exchange.actions.links import (
    ask_to_run,
    make_delivery,
    make_file_delivery,
    make_link,
    pause_link,
    resume_link,
)
from haihe.kernel.exchange.actions.reading import (
    read_rows,
)
from haihe.kernel.exchange.actions.reconciling import (
    ask_to_reconcile,
    drop_differences,
    reconcile_link,
)
from haihe.kernel.exchange.actions.retention import (
    clear_left,
    drop_exports,
    drop_quarantined,
)
from haihe.kernel.exchange.actions.runs import (
    run_link,
)

__all__ = [
    "Cared",
    "Download",
    "Erasure",
    "ask_for_lives_over",
    "ask_to_reconcile",
    "ask_to_run",
    "ask_whole",
    "care_for_lake",
    "clear_left",
    "delete_delivered",
    "download",
    "drop_differences",
    "drop_exports",
    "drop_quarantined",
    "erase_from_lake",
    "make_delivery",
    "make_file_delivery",
    "make_link",
    "pause_link",
    "read_rows",
    "reconcile_link",
    "register_key",
    "resume_link",
    "run_link",
]
