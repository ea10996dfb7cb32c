"""What may be wrong with a cell of the lists besides its form: sentences by code, in English.

Pages translate the sentence and fill in its parameters. A code that is not here is the code of an
error that an action raised: ``reason`` then holds its words.
"""

from __future__ import annotations

_AT = "catalogue.sheets."
SENTENCES = {
    f"{_AT}not_yours": "{title} names another department. You may fill in rows of your own"
    " department only.",
    f"{_AT}provider_unknown": "{title} names no department of this city. Write its full name, or"
    " its credit code.",
    f"{_AT}provider_differs": "{title} is not the credit code of the department named beside it."
    " Correct one of the two.",
    f"{_AT}title_missing": "{title} is empty, and so is its English. Fill in one of the two.",
    f"{_AT}resource_unknown": "{title} is neither in the catalogue nor in this file. Correct it, or"
    " add the resource.",
    f"{_AT}code_taken": "{title} belongs to another department's resource. Choose another.",
    f"{_AT}table_taken": "{title}: the table belongs to another resource. Choose another.",
    f"{_AT}condition_missing": "{title} is empty. What is shared conditionally names its"
    " condition.",
    f"{_AT}open_condition_missing": "{title} is empty. What is opened conditionally names its"
    " condition.",
    f"{_AT}withheld_opened": "{title}: what departments may not have is not opened to everybody."
    " Close it, or share it.",
    f"{_AT}class_unknown": "{title} is no place of the catalogue's tree. Take a code of the tree.",
    f"{_AT}number_taken": "{title} is another resource's number. Leave it empty: the platform gives"
    " numbers.",
    f"{_AT}number_kept": "{title}: a resource keeps its number. Write it as it was exported.",
    f"{_AT}related_unknown": "{title}: a resource named here is neither in the catalogue nor in"
    " this file. Correct it, or add the resource.",
    f"{_AT}related_itself": "{title}: a resource is not related to itself. Take it out.",
    f"{_AT}whole_differs": "{title} says something else than {there} says of the same resource."
    " Merge the cells, or write the same.",
    f"{_AT}columns_missing": "{title}: this resource has no columns. Add them on the sheet of"
    " columns.",
    f"{_AT}two_subjects": "{title}: two columns of this resource say whom a row concerns."
    " Mark one.",
    f"{_AT}kind_unknown": "{title} is no kind of data. Write one of: {choices}.",
    f"{_AT}digits_missing": "{title}: a number says its digits, as 数值型(18,2).",
    f"{_AT}length_bad": "{title} is no length. Write a whole number.",
    f"{_AT}unit_of_kind": "{title}: only whole numbers count this. Correct the kind or the unit.",
    f"{_AT}scheme_missing": "{title} is empty. Say by which identifier the column tells whom a row"
    " concerns.",
    f"{_AT}element_missing": "{title} is empty. Say which datum this column is the lead source of.",
    f"{_AT}lead_taken": "{title}: another column is the lead source of this datum. One datum has"
    " one source.",
    f"{_AT}entry_kept": "{title}: what is listed stays as it was approved; only its review may be"
    " put off. End the entry and add another.",
    f"{_AT}demand_kept": "{title}: what was demanded stays. Write it as it was exported, or empty"
    " its number to raise a new demand.",
    f"{_AT}demand_unknown": "{title} is no demand of your department. Empty it to raise a new one.",
}
