"""A district's own platform, played: it keeps cases in a JSON form of its own, over HTTP."""
