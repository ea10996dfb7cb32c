"""What can go wrong with links and batches, besides the errors of the engine."""

from __future__ import annotations

from haihe.base.errors import BadInput, HaiheError, NotFound, NotPermitted


class UnknownLink(NotFound):
    """No link bears that code."""

    code = "exchange.link.unknown"
    message = "There is no link of that code."


class LinkExists(BadInput):
    """A link of that code, or for that grant, is there already."""

    code = "exchange.link.exists"
    message = "There is a link of that code, or for that grant, already."
    hint = "Use the one there is."


class LinkPaused(HaiheError):
    """The link is paused."""

    code = "exchange.link.paused"
    message = "This link is paused."
    hint = "Resume it first."
    status = 409


class LinkRunning(HaiheError):
    """A batch of the link runs now."""

    code = "exchange.link.running"
    message = "A batch of this link runs now."
    hint = "Wait until it has ended."
    status = 409


class BadSchedule(BadInput):
    """A schedule can't be read."""

    code = "exchange.link.bad_schedule"
    hint = "Write `every 15m`, `every 2h`, `every 1d`, or five fields as cron has them."


class BadWatermark(BadInput):
    """The watermark is no column that grows."""

    code = "exchange.link.bad_watermark"
    message = "The watermark must be a timestamp, date or integer column of the resource."
    hint = "Choose such a column, or make the link full."


class NoChangeLog(BadInput):
    """A link by change log gathers, from a kind of database that keeps one."""

    code = "exchange.link.no_change_log"
    message = "Only a link that gathers from PostgreSQL or MariaDB can follow a change log."
    hint = "Make the link full or by a watermark."


class NotReady(BadInput):
    """The resource can't be exchanged as it is."""

    code = "exchange.link.resource_not_ready"
    message = "The resource is not published, or names no source system and table."
    hint = "Publish it with its source system and source table first."


class GrantEnded(NotPermitted):
    """The grant is withdrawn or past its day."""

    code = "exchange.delivery.grant_ended"
    message = "The grant of this delivery is withdrawn or has ended."
    hint = "Raise a new demand."


class TooSoon(HaiheError):
    """The grant lets rows be delivered less often."""

    code = "exchange.delivery.too_soon"
    hint = "Wait, or set a schedule that keeps to the grant."
    status = 409


class DeliveredOnce(NotPermitted):
    """The grant lets rows be delivered once, and they were."""

    code = "exchange.delivery.delivered_once"
    message = "The grant allows one delivery, and it was made."
    hint = "Raise a new demand if the rows are needed again."


class RuleNeedsFull(BadInput):
    """A delivery narrowed to some rows can't go by watermark."""

    code = "exchange.delivery.rule_needs_full"
    message = "A row that leaves the grant's rule must leave the receiver's table too."
    hint = "Make the delivery full: each batch then takes the place of all before it."


class OnwardUse(NotPermitted):
    """The table is one that Haihe delivers into: it is no source for others."""

    code = "exchange.link.onward_use"
    message = "This table was delivered under a grant: it is no source for others."
    hint = "Have the other department demand the data of its provider."


class GatheredThere(NotPermitted):
    """Haihe gathers the table that a delivery would go into: its rows would go on to others."""

    code = "exchange.delivery.gathered"
    message = "Haihe gathers from this table: what is delivered into it would go on to others."
    hint = "Name another table, for deliveries alone."


class GrantMissing(NotPermitted):
    """Rows are read for a department that holds no grant for this purpose."""

    code = "exchange.rows.no_grant"
    message = "The department holds no grant of this resource for this purpose."
    hint = "Raise a demand for it, with purpose and basis."


class ColumnForbidden(NotPermitted):
    """A granted column stands on the negative list or is withheld."""

    code = "exchange.delivery.column_forbidden"
    hint = (
        "Raise a demand without it; the negative list names the law and what may be given instead."
    )


class NotATable(BadInput):
    """The grant is not for delivery as a table, or the target is not the receiver's."""

    code = "exchange.delivery.not_a_table"
    message = (
        "Only a grant of the mode table is delivered, into a PostgreSQL of its own department."
    )
    hint = "Check the grant's mode and the target system."


class NotFiles(BadInput):
    """The grant is not for delivery as files, or the files can't be such."""

    code = "exchange.delivery.not_files"
    message = "Only a grant of the mode file is delivered as files."
    hint = "Take parquet, or csv in utf-8 or gb18030; 1 to 4,096 MiB a file."


class NoReceiverKey(BadInput):
    """The receiver has registered no key to encrypt to."""

    code = "exchange.export.no_key"
    message = "The receiving department has registered no public key."
    hint = "Make a pair with `haihe export keygen` or `age-keygen`, and register its public half."


class KeyKnown(BadInput):
    """That public key was registered before."""

    code = "exchange.key.known"
    message = "This public key was registered before."
    hint = "Make a new pair: a key that was ended is not taken up again."


class UnknownExport(NotFound):
    """No export has that file."""

    code = "exchange.export.unknown"
    message = "There is no such file."
    hint = "Look on the page of the grant which files there are."


class ExportNotYours(NotPermitted):
    """The files are another department's."""

    code = "exchange.export.not_yours"
    message = "These files were made for another department."
    hint = "Raise a demand of your own."


class WrongPurpose(NotPermitted):
    """The purpose that is named is not the grant's."""

    code = "exchange.export.wrong_purpose"
    message = "The grant is for another purpose than the one named."
    hint = "Name the purpose of the grant, or raise a demand for yours."


class ExportEnded(HaiheError):
    """The files are past their term, or removed."""

    code = "exchange.export.ended"
    message = "These files are past their term and are not given out any more."
    hint = "Have new ones made, if the grant still holds."
    status = 410


class ExportGone(HaiheError):
    """A file is missing or changed on disk."""

    code = "exchange.export.damaged"
    message = "This file is missing on disk, or not as it was written."
    hint = "Have the files made anew; tell whoever runs this Haihe."


class BadRange(BadInput):
    """A range of bytes lies outside the file."""

    code = "exchange.export.bad_range"
    message = "The file has no such bytes."
    hint = "Ask for the file from its beginning."
    status = 416


class TableTaken(BadInput):
    """Another delivery writes that table of the receiver's."""

    code = "exchange.delivery.table_taken"
    message = "Another delivery goes into that table."
    hint = "Name a table of its own for each delivery."


class Interrupted(HaiheError):
    """The process that ran the batch ended before the batch did."""

    code = "exchange.batch.interrupted"
    message = "The process that ran this batch ended before it; nothing of it was kept."
    hint = "Run the link again."


class NotYours(NotPermitted):
    """The link neither gathers from the actor's department nor delivers to it."""

    code = "exchange.link.not_yours"
    message = "This link belongs to other departments."
    hint = "Ask its provider or its receiver, or the data office."


class NotTwoPersons(NotPermitted):
    """An erasure in the lake needs two different persons."""

    code = "exchange.lake.second_person"
    message = "Erasing rows from the lake takes two different persons."
    hint = "Let another audit administrator approve it."


class NoErasureBasis(BadInput):
    """An erasure in the lake names no legal basis."""

    code = "exchange.lake.no_basis"
    message = "Erasing rows from the lake needs its legal basis."
    hint = "Write the law and article, or the order that ends the emergency."


class StillGathered(HaiheError):
    """A link would bring the data set back with its next batch."""

    code = "exchange.lake.still_gathered"
    message = "This resource is still gathered: its next batch would bring every row back."
    hint = "Pause every link that gathers it, then erase."
    status = 409


class ConcernsNobody(BadInput):
    """One person's rows are to be erased from a resource that concerns nobody."""

    code = "exchange.lake.concerns_nobody"
    message = "No column of this resource says whom a row concerns."
    hint = "Name a resource with a subject column, or erase the whole data set."


class RowsLeft(HaiheError):
    """A second reading found rows that an erasure should have taken."""

    code = "exchange.lake.rows_left"
    message = "Some rows still lie in the lake after the erasure."
    hint = "Run it again; if it stays so, stop the links of the resource and look at its files."
    status = 500
