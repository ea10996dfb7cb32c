"""Front databases (前置库): numbered batches of changes, taken in order and reported upward."""

from haihe.engine.fronts.declared import FrontTable
from haihe.engine.fronts.errors import (
    BatchCut,
    BatchDiffers,
    BatchMissing,
    BatchRefused,
    FrontDown,
    QuotaSpent,
)
from haihe.engine.fronts.interface import Interface
from haihe.engine.fronts.quota import Quota
from haihe.engine.fronts.reporting import report_changes
from haihe.engine.fronts.taking import Taken, take_next

__all__ = [
    "BatchCut",
    "BatchDiffers",
    "BatchMissing",
    "BatchRefused",
    "FrontDown",
    "FrontTable",
    "Interface",
    "Quota",
    "QuotaSpent",
    "Taken",
    "report_changes",
    "take_next",
]
