"""Figures of the city's reports: rankings of units, trends, hot spots, recurrences, the week."""
