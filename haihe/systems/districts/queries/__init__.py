"""The reads of districts, by what they ask for."""
