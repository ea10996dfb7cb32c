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
        "raised": _("Waiting for the provider"),
        "granted": _("Granted"),
        "refused": _("Refused"),
        "withdrawn": _("Withdrawn"),
    },
    "grant": {
        "live": _("In force"),
        "expired": _("Expired"),
        "withdrawn": _("Withdrawn"),
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
    "running": "blue",
    "open": "blue",
    "sent_back": "amber",
    "paused": "amber",
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
