"""Case types: a city's stewards write and change its procedures, without code."""
