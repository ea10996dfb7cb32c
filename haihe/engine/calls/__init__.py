"""Governed calls: rights in memory, one judge, one lane of coalesced look-ups and entries."""
