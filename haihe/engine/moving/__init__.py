"""Moving rows from a source to a target: checked, quarantined, reconciled; by SQL alone."""

from haihe.engine.moving.files import (
    Chain,
    FileForm,
    FilesTarget,
)
from haihe.engine.moving.http import HttpTarget
from haihe.engine.moving.mariadb import MariaTarget
from haihe.engine.moving.move import (
    Emptied,
    Move,
    Outcome,
    empty,
    is_committed,
    run,
)
from haihe.engine.moving.rules import (
    ColumnRule,
)
from haihe.engine.moving.targets import (
    LakeTarget,
    PostgresTarget,
)
from haihe.engine.sources.kinds import (
    KINDS,
    kind_of,
)

__all__ = [
    "KINDS",
    "Chain",
    "ColumnRule",
    "Emptied",
    "FileForm",
    "FilesTarget",
    "HttpTarget",
    "LakeTarget",
    "MariaTarget",
    "Move",
    "Outcome",
    "PostgresTarget",
    "empty",
    "is_committed",
    "kind_of",
    "run",
]
