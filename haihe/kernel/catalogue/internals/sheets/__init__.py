"""The catalogue and the four lists as spreadsheets: declared, filled in, read back."""
