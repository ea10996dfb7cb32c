"""Processes that play what lies outside a city; spoken to only through adapters."""
