"""Why a file as a whole can't be read, marked or written."""

from __future__ import annotations

from haihe.base.errors import BadInput


class NotASpreadsheet(BadInput):
    """The file is neither a workbook nor a table of text."""

    code = "sheets.not_a_spreadsheet"
    message = "The file is no spreadsheet."
    hint = "Send an .xlsx or .csv file."


class OldFormat(BadInput):
    """An .xls, .xlsb, .et, .ods or a web page that calls itself a spreadsheet."""

    code = "sheets.old_format"
    message = "The spreadsheet is kept in a format that is not read here."
    hint = "Open it, save it as an .xlsx workbook, and send that."


class Encrypted(BadInput):
    """A workbook under a password."""

    code = "sheets.encrypted"
    message = "The workbook is locked with a password."
    hint = "Open it, take the password away, save it, and send it again."


class Unreadable(BadInput):
    """A workbook or table that is broken."""

    code = "sheets.unreadable"
    message = "The spreadsheet is broken."
    hint = "Open it, save it again as .xlsx, and send that."


class UnknownEncoding(BadInput):
    """A table of text in no encoding that we know."""

    code = "sheets.unknown_encoding"
    message = "The signs of the file can't be told: it is neither UTF-8, UTF-16 nor GB18030."
    hint = "Save it as .xlsx, or as CSV in UTF-8."


class TooLarge(BadInput):
    """More bytes, packed or unpacked, than are read."""

    code = "sheets.too_large"
    message = "The file is too large."
    hint = "Split it into several files; delete pictures and sheets that are not asked for."
    status = 413


class TooManyRows(BadInput):
    """More rows than one list may have."""

    code = "sheets.too_many_rows"
    message = "A list has too many rows."
    hint = "Split it into several files."
    status = 413


class TooManyColumns(BadInput):
    """Something stands further right than any list reaches."""

    code = "sheets.too_many_columns"
    message = "Something stands too far to the right."
    hint = "Delete what stands beside the list."
    status = 413


class NothingKnown(BadInput):
    """No worksheet has the columns of a list that is asked for."""

    code = "sheets.nothing_known"
    message = "No sheet of the file has the columns of a list that is asked for."
    hint = "Begin with a fresh template, and keep its titles."


class NotMarkable(BadInput):
    """Faults are marked in .xlsx workbooks of moderate size only."""

    code = "sheets.not_markable"
    message = "Faults can't be marked in this file."
    hint = "Use the list of faults: it names each cell."


class Unwritable(BadInput):
    """A value that a cell can't hold, or that would be read back as another."""

    code = "sheets.unwritable"
    message = "A value can't be written into a spreadsheet."
    hint = "Take the file as JSON, or shorten the value that is named."
