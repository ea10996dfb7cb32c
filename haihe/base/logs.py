"""Logs: structlog, one line of JSON an event (or plain text on a terminal), no personal data."""

from __future__ import annotations

import logging
import re
import sys

import structlog


def _to_standard_error(*_: object) -> structlog.PrintLogger:
    """Standard error as it is at the time, not as it was at the start."""
    return structlog.PrintLogger(sys.stderr)


def start_logs(level: str = "info") -> None:
    """Set up logs for this process, to standard error."""
    shown = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            shown,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=_to_standard_error,
    )


_VALUES = re.compile(
    # A context runs over several lines, up to the next part of the message or the traceback.
    r"^(DETAIL|CONTEXT|LINE \d+|params?):.*"
    r"(?:\n(?!Traceback|The above|During|  File |[A-Z]+:).*)*",
    re.MULTILINE,
)


class QuietFormatter(logging.Formatter):
    """Formats what libraries log: tracebacks without the row values that databases tell."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, with its traceback."""
        return _VALUES.sub(r"\1: not logged", super().format(record))


LIBRARIES = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "quiet": {
            "()": "haihe.base.logs.QuietFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "quiet"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # 404 and 403 are answers, not faults; a fault of ours comes with its traceback.
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": ["stderr"], "propagate": False},
    },
}
"""For `logging.config.dictConfig`: libraries' warnings to standard error, no personal data."""
