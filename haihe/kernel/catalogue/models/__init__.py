"""Rows of the catalogue: source systems, resources, the four lists, grants.

Titles and the like are ``{"zh": …, "en": …}``. The rules between the lists are held by
constraints and triggers (migrations) as well as by ``actions``.
"""

from haihe.kernel.catalogue.models.grants import (
    Deletion,
    GrantDocument,
    OnwardException,
    Renewal,
)
from haihe.kernel.catalogue.models.lists import (
    Demand,
    Fetch,
    Grant,
    NegativeEntry,
    Purpose,
    Responsibility,
    Waiting,
)
from haihe.kernel.catalogue.models.procedure import Dispute, Evaluation, Wanted
from haihe.kernel.catalogue.models.resources import (
    Classification,
    Column,
    FacetValue,
    Format,
    Mode,
    OpenClass,
    Resource,
    ResourceVersion,
    Searchable,
    SearchTitle,
    SearchWords,
    SharingClass,
    SourceSystem,
)

__all__ = [
    "Classification",
    "Column",
    "Deletion",
    "Demand",
    "Dispute",
    "Evaluation",
    "FacetValue",
    "Fetch",
    "Format",
    "Grant",
    "GrantDocument",
    "Mode",
    "NegativeEntry",
    "OnwardException",
    "OpenClass",
    "Purpose",
    "Renewal",
    "Resource",
    "ResourceVersion",
    "Responsibility",
    "SearchTitle",
    "SearchWords",
    "Searchable",
    "SharingClass",
    "SourceSystem",
    "Waiting",
    "Wanted",
]
