"""Shared look: base page, components, map and charts, languages. Knows no system by name."""
