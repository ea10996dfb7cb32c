"""Every column of the house's tables that holds, or could hold, something of a person: how it ends.

A test finds columns by their names and fails on one that is missing here. "None" opens the
sentence of a column whose name only sounds personal. Written into the reference.
"""

from __future__ import annotations

_KEYED = "A keyed hash; names nobody once the subject's secret is destroyed."
_PERSON = "Removed with the person's row; until then sealed under the installation's key."
_ENTERPRISE = "Sealed where the enterprise is one person's; removed with its row."
_SERVED = "Replaced by each batch; gone when the source no longer holds the row or the link ends."
_QUARANTINE = "Removed with its batch; a mended row is read again from its source."

PERSONAL_COLUMNS: dict[str, str] = {
    "ledger.Entry.subject": _KEYED,
    "ledger.Entry.subjects_root": "A hash over keyed hashes; names nobody.",
    "ledger.Entry.body": "None: facts without personal data (codes, counts, columns).",
    "ledger.Numbered.number": "None: an entry's place in the log.",
    "ledger.SubjectEntry.subject": _KEYED,
    "ledger.SubjectSecret.subject": _KEYED,
    "ledger.SubjectSecret.secret": "Destroyed by an erasure; that destruction erases the person.",
    "places.Division.name": "None: a place's name.",
    "org.Department.name": "None: a department's name.",
    "org.Account.username": "Removed with the account; an officer's stays while entries name it.",
    "org.Tries.key": "A keyed hash of a sign-in name or address; deleted after a day.",
    "org.Officer.name": "Removed when the officer's term of keeping ends after leaving.",
    "people.Person.number_key": _KEYED,
    "people.Person.number_sealed": _PERSON,
    "people.Person.name_sealed": _PERSON,
    "people.Enterprise.code_key": _KEYED,
    "people.Enterprise.code_sealed": _ENTERPRISE,
    "people.Enterprise.name": "None: empty where the enterprise is one person's business.",
    "people.Enterprise.name_sealed": _ENTERPRISE,
    "files.StoredFile.name": "Deleted with the file, at the end of its case or term.",
    "files.StoredFile.subject": _KEYED,
    "outbox.ContactAddress.sealed": "Removed by its holder, and with the account.",
    "outbox.Message.text": "Deleted with the message, 400 days after it was written.",
    "outbox.Message.key": "None: which event a message tells of.",
    "catalogue.SourceSystem.address_sealed": "None: a database's address, sealed.",
    "catalogue.Column.name": "None: a column's name.",
    "exchange.Batch.rows_read": "None: a count.",
    "exchange.Batch.rows_written": "None: a count.",
    "exchange.Batch.rows_quarantined": "None: a count.",
    "exchange.Quarantined.row": _QUARANTINE,
    "exchange.Quarantined.row_hash": _QUARANTINE,
    "exchange.Serving.subject": _SERVED,
    "exchange.Serving.rows": _SERVED,
    "services.Caller.key_hash": "None: the hash of a calling system's key.",
}
