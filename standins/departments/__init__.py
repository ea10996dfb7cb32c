"""Plays the departments' own databases in the demo: PostgreSQL, MariaDB where there is one, files.

Spoken to only through read-only addresses, as a city's real ones would be.
"""
