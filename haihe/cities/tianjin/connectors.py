"""Adapters to what lies outside this city, one declared class each. None is needed yet."""
