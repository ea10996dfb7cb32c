"""DCAT-AP 3.0.1: a city's catalogue as pages of RDF, and other catalogues read. Pure.

Sources: SEMIC's DCAT-AP 3.0.1 (DCAT 3, W3C 2024); Hydra Core for pages; docs/reference/dcat.md says
which property holds which field.
"""

from haihe.edges.dcat.faults import (
    SENTENCES,
    DeclaresEntities,
    RemoteContext,
    TooHeavy,
    TooLarge,
    UnknownFormat,
    Unreadable,
    Unwritable,
)
from haihe.edges.dcat.graphs import LARGEST
from haihe.edges.dcat.plain import dataset_of, page_of_json, plain
from haihe.edges.dcat.presence import missing
from haihe.edges.dcat.reading import read_page
from haihe.edges.dcat.values import (
    Agent,
    Catalogue,
    Concept,
    Contact,
    DataService,
    Dataset,
    Distribution,
    Fault,
    Item,
    Page,
)
from haihe.edges.dcat.vocabulary import TERMS, access_right
from haihe.edges.dcat.writing import FORMATS, numbered, page_of, write_page, write_pages

__all__ = [
    "FORMATS",
    "LARGEST",
    "SENTENCES",
    "TERMS",
    "Agent",
    "Catalogue",
    "Concept",
    "Contact",
    "DataService",
    "Dataset",
    "DeclaresEntities",
    "Distribution",
    "Fault",
    "Item",
    "Page",
    "RemoteContext",
    "TooHeavy",
    "TooLarge",
    "UnknownFormat",
    "Unreadable",
    "Unwritable",
    "access_right",
    "dataset_of",
    "missing",
    "numbered",
    "page_of",
    "page_of_json",
    "plain",
    "read_page",
    "write_page",
    "write_pages",
]
