"""Fixtures of the log's tests below Django; the kinds they record are the ledger tests' own."""

from tests.ledger.conftest import kinds

__all__ = ["kinds"]
