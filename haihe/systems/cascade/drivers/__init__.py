"""How other catalogues are reached: over HTTP, and nowhere that nobody named."""

from haihe.systems.cascade.drivers.fetching import Answer, fetch, send

__all__ = ["Answer", "fetch", "send"]
