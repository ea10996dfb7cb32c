"""Rows of the catalogue: source systems, resources, the four lists, grants.

Titles and the like are ``{"zh": …, "en": …}``. The rules between the lists are held by
constraints and triggers (migrations) as well as by ``actions``.
"""

from haihe.kernel.catalogue.models.lists import (
    Demand,
    Grant,
    NegativeEntry,
    Purpose,
    Responsibility,
)
from haihe.kernel.catalogue.models.resources import (
    Classification,
    Column,
    Format,
    Mode,
    OpenClass,
    Resource,
    ResourceVersion,
    Searchable,
    SharingClass,
    SourceSystem,
)

__all__ = [
    "Classification",
    "Column",
    "Demand",
    "Format",
    "Grant",
    "Mode",
    "NegativeEntry",
    "OpenClass",
    "Purpose",
    "Resource",
    "ResourceVersion",
    "Responsibility",
    "Searchable",
    "SharingClass",
    "SourceSystem",
]
