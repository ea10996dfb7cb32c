"""How other catalogues are reached and read: nowhere that nobody named, and bounded."""

from haihe.systems.cascade.drivers.fetching import Answer, fetch, send
from haihe.systems.cascade.drivers.parsing import read_apart

__all__ = ["Answer", "fetch", "read_apart", "send"]
