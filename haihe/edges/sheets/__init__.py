"""Spreadsheets (.xlsx, .csv) as departments keep them: read with each fault's cell, written. Pure.

Read ``values`` first: what a list looks like, and what reading one gives.
"""

from haihe.edges.sheets.errors import (
    Encrypted,
    NotASpreadsheet,
    NothingKnown,
    NotMarkable,
    OldFormat,
    TooLarge,
    TooManyColumns,
    TooManyRows,
    UnknownEncoding,
    Unreadable,
    Unwritable,
)
from haihe.edges.sheets.marking import write_faults
from haihe.edges.sheets.reading import read
from haihe.edges.sheets.sentences import SENTENCES
from haihe.edges.sheets.values import (
    Book,
    Cell,
    Fault,
    Field,
    Kind,
    Limits,
    Read,
    Row,
    Sheet,
    Value,
)
from haihe.edges.sheets.writing import write_csv, write_xlsx

__all__ = [
    "SENTENCES",
    "Book",
    "Cell",
    "Encrypted",
    "Fault",
    "Field",
    "Kind",
    "Limits",
    "NotASpreadsheet",
    "NotMarkable",
    "NothingKnown",
    "OldFormat",
    "Read",
    "Row",
    "Sheet",
    "TooLarge",
    "TooManyColumns",
    "TooManyRows",
    "UnknownEncoding",
    "Unreadable",
    "Unwritable",
    "Value",
    "read",
    "write_csv",
    "write_faults",
    "write_xlsx",
]
