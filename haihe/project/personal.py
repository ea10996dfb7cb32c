"""Every column of the house's tables that holds, or could hold, something of a person: how it ends.

A test finds columns by their names and fails on one that is missing here. "None" opens the
sentence of a column whose name only sounds personal, "Not removed yet" that of one which nothing
deletes today. Written into the reference.
"""

from __future__ import annotations

_KEYED = (
    "Not removed yet: a keyed hash; it names nobody to whoever lacks the installation's index key."
)
_SALT = "Destroyed by `haihe ledger erase`: two persons, a basis, no look within its legal term."
_CONTACT = "Deleted by `messages.actions.remove_address`. Not removed yet: no page calls it."
_PERSON = (
    "Sealed under the installation's key. Deleted by `haihe ledger erase`, once no look at the "
    "person is within its legal term."
)
_PERSON_KEY = (
    "A keyed hash. Deleted with its row by `haihe ledger erase`, once no look is within its term."
)
_ENTERPRISE = f"{_PERSON} Filled only where the enterprise may be one person's."
_OBJECTED = "Deleted when the objection ends, or its corrected value has been seen."
_SERVED = (
    "Rewritten by each batch into the lake; gone once the lake holds no row of the subject. "
    "Not removed yet: what a link without later batches has left."
)
_QUARANTINE = (
    "Removed if its batch fails; else each night, `HAIHE_QUARANTINE_DAYS` after its batch's end."
)
_REMARK = "Deleted by `cases.actions.erase_remarks`. Not removed yet: no page calls it."
_POINT = (
    "Where an officer was. Deleted each night after 30 days or the pack's `patrol_days`, and as "
    "soon as the consent is withdrawn."
)
_FILE = "Deleted with the file, when its term ends. Not removed yet: files without a term."

_RECEIPT = "Deleted with the receipt, a minute or two after the report is filed."
_OBJECTION = "Deleted six months after the objection's end, each night."

PERSONAL_COLUMNS: dict[str, str] = {
    "ledger.Entry.subject": _KEYED,
    "ledger.Entry.subjects_root": "A hash over keyed hashes; names nobody.",
    "ledger.Entry.body": "None: facts without personal data (codes, counts, columns).",
    "ledger.Numbered.number": "None: an entry's place in the log.",
    "ledger.SubjectEntry.subject": _KEYED,
    "ledger.SubjectSecret.subject": _SALT,
    "ledger.SubjectSecret.secret": _SALT,
    "places.Division.name": "None: a place's name.",
    "places.Grid.name": "None: a grid's name.",
    "org.Department.name": "None: a department's name.",
    "org.Account.username": (
        "An officer's: removed each night, `HAIHE_OFFICER_NAME_DAYS` after leaving. "
        "Not removed yet: a citizen's; an account is locked, never deleted."
    ),
    "snap.Receipt.number": "None: by chance; tells nothing of whoever sent it.",
    "snap.Receipt.subject": _KEYED,
    "snap.Receipt.phone_sealed": _RECEIPT,
    "snap.Receipt.words": _RECEIPT,
    "snap.Receipt.address": _RECEIPT,
    "snap.SnapReport.number": "None: by chance; tells nothing of whoever filed it.",
    "snap.SnapReport.phone_sealed": "Sealed; removed six months after the case ended, each night.",
    "snap.Tally.key": "A keyed hash of a device, account or address; deleted after a day.",
    "desk.SavedView.title": "None: what an officer calls a filter.",
    "grid.Sent.key": "None: by chance; deleted after 30 days.",
    "org.Tries.key": "A keyed hash of a sign-in name or address; deleted after a day.",
    "org.Officer.name": "Removed each night, `HAIHE_OFFICER_NAME_DAYS` after the officer left.",
    "people.Person.number_key": _PERSON_KEY,
    "people.Person.number_sealed": _PERSON,
    "people.Person.name_sealed": _PERSON,
    "people.Enterprise.code_key": f"{_PERSON_KEY} A company's stays: it is nobody's own.",
    "people.Enterprise.code_sealed": _ENTERPRISE,
    "people.Enterprise.name": "None: empty where the enterprise is one person's business.",
    "people.Enterprise.name_sealed": _ENTERPRISE,
    "files.StoredFile.name": _FILE,
    "files.StoredFile.subject": _FILE,
    "outbox.ContactAddress.sealed": _CONTACT,
    "outbox.Message.text": "Deleted with the message after 400 days, unless it still waits.",
    "outbox.Message.key": "None: which event a message tells of.",
    "catalogue.SourceSystem.address_sealed": "None: a database's address, sealed.",
    "catalogue.Column.name": "None: a column's name.",
    "catalogue.Demand.rows": "None: tests of columns that name nobody.",
    "catalogue.Grant.rows": "None: tests of columns that name nobody.",
    "catalogue.Deletion.rows_before": "None: a count.",
    "catalogue.Deletion.rows_after": "None: a count.",
    "exchange.Batch.rows_read": "None: a count.",
    "exchange.Batch.rows_written": "None: a count.",
    "exchange.Batch.rows_quarantined": "None: a count.",
    "exchange.Batch.rows_held": "None: a count.",
    "exchange.Batch.rows_deleted": "None: a count.",
    "exchange.Batch.values_objected": "None: a count.",
    "exchange.Objected.subject": _OBJECTED,
    "exchange.Objected.key": _OBJECTED,
    "exchange.Quarantined.row": _QUARANTINE,
    "exchange.Quarantined.row_hash": _QUARANTINE,
    "exchange.Reconciliation.rows_source": "None: a count.",
    "exchange.Reconciliation.rows_target": "None: a count.",
    "exchange.Reconciliation.rows_differing": "None: a count.",
    "exchange.Reconciliation.rows_waiting": "None: a count.",
    "exchange.Reconciliation.rows_unsettled": "None: a count.",
    "exchange.Reconciliation.differences": (
        "Keys of rows that differ, never values. Emptied each night, `HAIHE_QUARANTINE_DAYS` "
        "after the reconciliation."
    ),
    "exchange.Export.columns": "None: names of columns.",
    "exchange.Export.manifest": "None: names, counts and hashes; the rows lie in encrypted files.",
    "exchange.Export.number": "None: a set's place among those of its delivery.",
    "exchange.Export.rows_gone": "None: a count.",
    "exchange.Export.held_rows": "None: a count.",
    "exchange.ExportFile.name": "None: a file's name, by its place.",
    "exchange.ExportFile.rows": "None: a count.",
    "exchange.ReceiverKey.public": "None: a department's public key.",
    "exchange.Serving.subject": _SERVED,
    "exchange.Serving.rows": _SERVED,
    "cases.CaseTypeVersion.name": "None: a case type's name.",
    "cases.CaseTypeVersion.number": "None: a version's number.",
    "cases.Case.title": _REMARK,
    "cases.Case.subject": _KEYED,
    "cases.Case.opened_by": "Not removed yet: an account's id, never a name.",
    "cases.Case.lon": "Not removed yet: where a report was made; it says nothing of who made it.",
    "cases.Case.lat": "Not removed yet: as the longitude.",
    "cases.Clock.name": "None: which of a type's clocks.",
    "cases.Event.by": "Not removed yet: an account's id, never a name.",
    "cases.Event.body": "None: states, departments, ids and moments; texts stand in remarks.",
    "cases.Remark.body": _REMARK,
    "grid.PatrolPoint.lon": _POINT,
    "grid.PatrolPoint.lat": _POINT,
    "cascade.Entry.key": "None: the address of another catalogue's entry.",
    "cascade.Staged.key": "None: as of an entry; gone once its reading ends.",
    "cascade.Source.key_sealed": "None: the key of a calling system, sealed.",
    "services.Caller.key_hash": "None: the hash of a calling system's key.",
    "corrections.Objection.subject": _KEYED,
    "corrections.Objection.mark": "Not removed yet: a keyed hash of a row's key; it names nobody.",
    "corrections.ObjectionWords.row": _OBJECTION,
    "corrections.ObjectionWords.given": _OBJECTION,
    "corrections.ObjectionWords.asked": _OBJECTION,
    "corrections.ObjectionWords.right": _OBJECTION,
    "corrections.ObjectionWords.seen": _OBJECTION,
    "corrections.ObjectionWords.why": _OBJECTION,
    "corrections.ObjectionWords.appeal_why": _OBJECTION,
    "corrections.ObjectionWords.number_sealed": f"Sealed. {_OBJECTION}",
    "corrections.Verdict.reason": "Emptied six months after the objection's end, each night.",
    "corrections.Verdict.by": "Not removed yet: an account's id, never a name.",
    "corrections.Receiver.confirmed_by": "Not removed yet: an account's id, never a name.",
}
