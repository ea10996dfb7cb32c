"""How files are checked and where their bytes lie."""
