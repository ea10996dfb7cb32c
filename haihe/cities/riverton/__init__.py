"""Riverton: an invented small city. Tutorial, demo, and fixture of every test."""
