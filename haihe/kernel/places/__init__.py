"""Places: divisions, boundaries, what lies where. Not for drawing maps."""
