"""Every fault's sentence, by its code, in English: what is wrong, and what to do.

Pages translate the sentence and then fill in its parameters with ``str.format``.
"""

from __future__ import annotations

SENTENCES = {
    "sheets.cell.missing": "{title} is empty. Fill it in.",
    "sheets.cell.too_long": "{title} has {chars} characters. Shorten it to {most} at most.",
    "sheets.cell.wrong_length": "{title} has {chars} characters, not {exact}. Correct it.",
    "sheets.cell.not_a_date": "{title} is no date. Write it like 2026-01-31.",
    "sheets.cell.not_an_integer": "{title} is no whole number. Write digits only.",
    "sheets.cell.not_yes_or_no": "{title} is neither yes nor no. Write 是 or 否.",
    "sheets.cell.not_a_choice": "{title} is none of its choices. Write one of: {choices}.",
    "sheets.cell.error": "{title} holds an error of the spreadsheet. Write what is meant.",
    "sheets.cell.formula": "{title} holds a formula without a result. Open the file, let it reckon"
    " and save it, or write the value itself.",
    "sheets.cell.digits_lost": "{title} was turned into a number and lost digits. Make the cell"
    " text and write the code again.",
    "sheets.cell.zeros_lost": "{title} was turned into a number and lost its leading zeros. Make"
    " the cell text and write all {exact} characters.",
    "sheets.cell.became_date": "{title} was turned into a date. Make the cell text and write the"
    " code again.",
    "sheets.cell.merged": "This cell is merged over several columns, so nobody can say which of"
    " them it fills. Take the merging away and fill in each.",
    "sheets.row.twice": "This row says the same as {first} in {titles}. Correct one, or delete it.",
    "sheets.column.unknown": "No list has a column of this title. Correct the title, or delete the"
    " column.",
    "sheets.column.untitled": "This column is filled in but has no title. Give it one, or delete"
    " it.",
    "sheets.column.twice": "Two columns are titled {title}. Keep one: this one was not read.",
    "sheets.column.missing": "The column {title} is missing. Add it, or begin with a fresh"
    " template.",
    "sheets.header.missing": "No row here has the titles of the list's columns. Begin with a fresh"
    " template.",
}
