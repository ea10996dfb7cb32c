"""How a platform is spoken to: one driver a kind, all with the same few questions."""

from haihe.systems.districts.declare import Platform
from haihe.systems.districts.drivers.asking import Driver, Parcel, Photo, Word
from haihe.systems.districts.drivers.georeport import GeoReport
from haihe.systems.districts.drivers.mapped import MappedHttp
from haihe.systems.districts.drivers.tables import Table

__all__ = ["Driver", "Parcel", "Photo", "Word", "driver_of"]

_KINDS = {"open311": GeoReport, "http": MappedHttp, "table": Table}


def driver_of(platform: Platform) -> Driver:
    """What speaks to a platform."""
    return _KINDS[platform.kind](platform)
