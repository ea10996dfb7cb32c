"""Joins the districts' own platforms: cases are exchanged both ways, and old ones brought in."""
