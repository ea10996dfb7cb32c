"""Reconciling (对账): whether two tables in two databases hold the same, and which rows do not."""

from haihe.engine.reconciling.comparing import Difference, Reconciliation, reconcile
from haihe.engine.reconciling.sides import LakeSide, MariaSide, PostgresSide, Side

__all__ = [
    "Difference",
    "LakeSide",
    "MariaSide",
    "PostgresSide",
    "Reconciliation",
    "Side",
    "reconcile",
]
