"""Rows of spreadsheets brought into the catalogue and the lists, each fault told by its cell."""
