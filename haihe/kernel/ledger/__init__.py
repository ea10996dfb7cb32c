"""Ledger: what happened, in a log that shows tampering. Not for debugging logs."""
