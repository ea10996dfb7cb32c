"""Row values that a database tells in an error never reach a log."""

from __future__ import annotations

import logging
import sys

from haihe.base.logs import QuietFormatter

TOLD = (
    'invalid input syntax for type json\nDETAIL:  Token "NaN" is invalid.\n'
    'CONTEXT:  JSON data, line 1: {"person":"0000000018"\n'
    'COPY fresh_serving, line 1, column rows: "[{"name":"SECRET-NAME"}]"'
)


def test_neither_detail_nor_any_line_of_the_context_is_logged() -> None:
    try:
        raise ValueError(TOLD)
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "failed", None, sys.exc_info())
    shown = QuietFormatter("%(message)s").format(record)
    assert "invalid input syntax for type json" in shown
    assert "SECRET-NAME" not in shown
    assert "0000000018" not in shown
