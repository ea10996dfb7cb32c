"""Haihe: a city's data platform. The map of the house is in README.md."""

__version__ = "0.1.0"
