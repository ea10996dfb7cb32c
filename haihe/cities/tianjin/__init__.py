"""Tianjin: the reference city. Public names and codes only; everything about people is made up."""
