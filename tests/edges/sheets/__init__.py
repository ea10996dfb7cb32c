"""Spreadsheets as departments keep them."""
