"""Tests of the pages: in Django's client, and in a real browser."""
