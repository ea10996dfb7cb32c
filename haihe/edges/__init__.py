"""Translators of published formats: bytes to values and back. No Django, no database."""
