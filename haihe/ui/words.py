"""Shown names of stored words: states, classes, modes, cycles. One table for all pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

NAMES = {
    "resource": {
        "proposed": _("Proposed"),
        "published": _("Published"),
        "closed": _("Closed"),
    },
    "sharing_class": {
        "unconditional": _("Unconditional"),
        "conditional": _("Conditional"),
        "withheld": _("Withheld"),
    },
    "open_class": {
        "closed": _("Not open to the public"),
        "conditional": _("Opened under a condition"),
        "unconditional": _("Opened to everybody"),
    },
    "format": {
        "database": _("Database"),
        "file": _("Files"),
        "spreadsheet": _("Spreadsheet"),
        "picture": _("Pictures"),
        "stream": _("Stream"),
        "other": _("Another form"),
    },
    "mode": {
        "table": pgettext_lazy("delivery", "Table"),
        "file": pgettext_lazy("delivery", "File"),
        "interface": pgettext_lazy("delivery", "Interface"),
    },
    "flow": {
        "gathered": _("Gathered rows"),
        "table": _("Rows as tables"),
        "file": _("Rows as files"),
        "interface": _("Calls answered"),
    },
    "file_format": {
        "parquet": "Parquet",
        "csv": "CSV",
    },
    "export": {
        "available": _("To be fetched"),
        "removed": _("Past its term"),
    },
    "cycle": {
        "realtime": _("In real time"),
        "daily": _("Daily"),
        "weekly": _("Weekly"),
        "monthly": _("Monthly"),
        "quarterly": _("Quarterly"),
        "half_yearly": _("Half-yearly"),
        "yearly": _("Yearly"),
        "irregular": _("Irregular"),
    },
    "demand": {
        "checking": _("Form being checked"),
        "returned": _("Returned for correction"),
        "raised": _("Waiting for the provider"),
        "objected": _("Under negotiation"),
        "deciding": _("Waiting for the authority"),
        "granted": _("Granted"),
        "refused": _("Refused"),
        "upheld": _("Refusal upheld"),
        "withdrawn": _("Withdrawn"),
    },
    "wanted": {
        "matching": _("Being matched"),
        "publishing": _("To be published"),
        "found": _("Found"),
        "demanded": _("Demanded"),
        "refused": _("Not to be had"),
        "withdrawn": _("Withdrawn"),
    },
    "dispute": {
        "raised": _("Waiting for the authority"),
        "settled": _("Settled"),
        "withdrawn": _("Withdrawn"),
    },
    "dispute_about": {
        "misuse": _("Use beyond what was granted"),
        "withdrawal": _("The grant was withdrawn"),
        "quality": _("The quality of the data"),
        "other": _("Something else"),
    },
    "dispute_outcome": {
        "kept": _("The grant is kept"),
        "withdrawn": _("The grant ends now"),
        "restored": _("It is granted anew"),
        "told": _("A party is told what to do"),
    },
    "grant": {
        "live": _("In force"),
        "expired": _("Expired"),
        "withdrawn": _("Withdrawn"),
    },
    "deletion": {
        "ended": _("The grant has ended: delete what was received"),
        "withdrawn": _("The grant was withdrawn: delete what was received"),
        "life_over": _("The data's life is over: delete what was received"),
    },
    "batch": {
        "running": _("Running"),
        "done": _("Done"),
        "failed": _("Failed"),
        "reconciled": _("Reconciled"),
        "unequal": _("Not equal"),
    },
    "system": {
        "online": _("Online"),
        "paused": _("Paused"),
    },
    "network": {
        "extranet": _("Government extranet"),
        "intranet": _("Government intranet"),
        "internet": _("Internet"),
        "dedicated": _("Dedicated line"),
    },
    "fate": {
        "keep": _("To be kept"),
        "merge": _("To be merged"),
        "close": _("To be closed"),
    },
    "level": {
        "national": _("National level"),
        "provincial": _("Provincial level"),
        "municipal": _("City level"),
        "district": _("District level"),
        "street": _("Street level"),
    },
    "compiling": {
        "planned": _("Not begun"),
        "working": _("Being compiled"),
        "done": _("Compiled"),
    },
    "caller": {
        "active": _("In use"),
        "ended": _("Ended"),
    },
    "unit": {
        "fen": _("fen"),
    },
    "officer": {
        "active": _("At work"),
        "locked": _("Locked"),
        "left": _("Left"),
    },
    "task": {
        "open": _("At work"),
        "done": _("Done"),
        "sent_back": _("Sent back"),
        "withdrawn": _("Withdrawn"),
    },
    "task_role": {
        "lead": pgettext_lazy("task", "Leads"),
        "assisting": pgettext_lazy("task", "Assists"),
    },
    "link": {
        "full": _("Whole table"),
        "watermark": _("Changes by watermark"),
    },
    "actor": {
        "officer": _("Officer"),
        "citizen": _("Citizen"),
        "system": _("Calling system"),
        "administrator": _("Administrator"),
        "clock": _("By the clock"),
    },
    "kind": {
        "postgresql": "PostgreSQL",
        "mariadb": "MariaDB",
        "files": _("Files"),
        "other": _("Another kind"),
    },
    "department": {
        "department": _("Departments"),
        "district": _("Districts"),
        "institution": _("Public-service institutions"),
    },
    "substitute": {
        "proof": _("Yes/no answer"),
        "aggregate": _("Aggregate"),
        "masked": _("Masked value"),
    },
    "service": {
        "proof": _("Proof (yes or no)"),
        "look_up": _("Look-up"),
    },
    "recall": {
        "corrected": _("Corrected"),
        "deleted": _("Deleted"),
        "not_kept": _("Never kept"),
    },
    "recall_way": {
        "services.call.answered": _("By calls"),
        "services.page.viewed": _("On a page"),
        "exchange.batch.delivered": _("By delivery"),
        "proof": _("Proof (yes or no)"),
    },
    "reason": {
        "exchange.row.bad_check_digit": _("Wrong check digit"),
        "exchange.row.missing": _("Required value missing"),
        "exchange.row.wrong_kind": _("Value does not fit its type"),
        "exchange.row.too_long": _("Value too long"),
        "exchange.row.duplicate_key": _("Key twice"),
        "exchange.row.undecodable": _("Broken characters"),
        "exchange.row.too_many_cells": _("More cells than columns"),
        "exchange.row.changed_on_the_way": _("Changed while it was read"),
    },
}

TONES = {
    "published": "green",
    "granted": "green",
    "live": "green",
    "done": "green",
    "reconciled": "green",
    "online": "green",
    "active": "green",
    "available": "green",
    "unconditional": "green",
    "conditional": "amber",
    "proposed": "amber",
    "raised": "amber",
    "checking": "amber",
    "returned": "amber",
    "objected": "violet",
    "deciding": "violet",
    "matching": "amber",
    "publishing": "amber",
    "found": "green",
    "demanded": "grey",
    "settled": "green",
    "upheld": "red",
    "running": "blue",
    "open": "blue",
    "sent_back": "amber",
    "paused": "amber",
    "merge": "amber",
    "close": "red",
    "working": "blue",
    "withheld": "red",
    "refused": "red",
    "failed": "red",
    "unequal": "red",
    "locked": "red",
    "closed": "grey",
    "withdrawn": "grey",
    "expired": "grey",
}


def name_of(family: str, word: str) -> str:
    """The shown name of a stored word; the word itself where none is given."""
    return str(NAMES.get(family, {}).get(word, word))
