"""The words that both sides write: namespaces, the EU's authority tables, and our own terms.

Our own terms (``TERMS``, short ``haihe:``) say what DCAT-AP has no word for; their table is in
docs/reference/dcat.md. Sources: DCAT-AP 3.0.1; the EU Publications Office's authority tables
``access-right``, ``frequency``, ``file-type`` and ``language``; Hydra Core.
"""

from __future__ import annotations

TERMS = "https://w3id.org/haihe/terms#"
"""The address of our own vocabulary, unless a caller names another."""
PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "csvw": "http://www.w3.org/ns/csvw#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "haihe": TERMS,
}
"""Namespaces by the short names that we write."""

_EU = "http://publications.europa.eu/resource/authority/"
RIGHTS = f"{_EU}access-right/"
FREQUENCIES = f"{_EU}frequency/"
LANGUAGES = f"{_EU}language/"
FILE_TYPES = f"{_EU}file-type/"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
OTHER_LANGUAGES = "http://id.loc.gov/vocabulary/iso639-1/"

SHARING_CLASSES = ("unconditional", "conditional", "withheld")
OPEN_CLASSES = ("unconditional", "conditional", "closed")
MODES = ("table", "file", "interface")

CYCLES = {
    "realtime": "UPDATE_CONT",
    "daily": "DAILY",
    "weekly": "WEEKLY",
    "monthly": "MONTHLY",
    "quarterly": "QUARTERLY",
    "half_yearly": "ANNUAL_2",
    "yearly": "ANNUAL",
    "irregular": "IRREG",
}
"""Our cycles (更新周期) and the EU's frequencies that say the same."""
SAME_CYCLES = {code: cycle for cycle, code in CYCLES.items()} | {
    "CONT": "realtime",
    "CONTINUOUS": "realtime",
    "CONTINUAL": "realtime",
    "REALTIME": "realtime",
    "SEMIANNUAL": "half_yearly",
    "BIANNUALLY": "half_yearly",
    "ANNUALLY": "yearly",
    "YEARLY": "yearly",
    "IRREGULAR": "irregular",
    "AS_NEEDED": "irregular",
    "ASNEEDED": "irregular",
    "R/PT1S": "realtime",
    "R/P1D": "daily",
    "R/P1W": "weekly",
    "R/P7D": "weekly",
    "R/P1M": "monthly",
    "R/P3M": "quarterly",
    "R/P6M": "half_yearly",
    "R/P1Y": "yearly",
}
"""Frequencies that mean one of our cycles, by the last word of their address, or as words.

Besides the EU's: the Dublin Core's (purl.org/cld/freq), INSPIRE's and ISO 19115's words, and ISO
8601's repeated intervals, as catalogues of other lands have them.
"""
NEAR_CYCLES = {
    "1MIN": "daily",
    "5MIN": "daily",
    "10MIN": "daily",
    "15MIN": "daily",
    "30MIN": "daily",
    "HOURLY": "daily",
    "BIHOURLY": "daily",
    "TRIHOURLY": "daily",
    "12HRS": "daily",
    "DAILY_2": "daily",
    "WEEKLY_2": "weekly",
    "WEEKLY_3": "weekly",
    "WEEKLY_5": "weekly",
    "SEMIWEEKLY": "weekly",
    "THREETIMESAWEEK": "weekly",
    "BIWEEKLY": "monthly",
    "FORTNIGHTLY": "monthly",
    "MONTHLY_2": "monthly",
    "MONTHLY_3": "monthly",
    "SEMIMONTHLY": "monthly",
    "THREETIMESAMONTH": "monthly",
    "BIMONTHLY": "quarterly",
    "ANNUAL_3": "half_yearly",
    "THREETIMESAYEAR": "half_yearly",
    "BIENNIAL": "irregular",
    "TRIENNIAL": "irregular",
    "QUADRENNIAL": "irregular",
    "QUINQUENNIAL": "irregular",
    "DECENNIAL": "irregular",
    "NEVER": "irregular",
    "NOT_PLANNED": "irregular",
    "NOTPLANNED": "irregular",
    "OTHER": "irregular",
}
"""Frequencies between two of our cycles, as the slower: a cycle is a promise."""

LANGUAGE_CODES = {
    "zh": "ZHO", "en": "ENG", "bo": "BOD", "ug": "UIG", "mn": "MON", "kk": "KAZ", "ko": "KOR",
    "ja": "JPN", "ru": "RUS", "fr": "FRA", "de": "DEU", "es": "SPA", "pt": "POR", "it": "ITA",
    "ar": "ARA", "nl": "NLD", "pl": "POL", "sv": "SWE", "fi": "FIN", "da": "DAN",
    "et": "EST", "lt": "LIT", "lv": "LAV", "cs": "CES", "el": "ELL",
}  # fmt: skip
"""Languages as we write them (ISO 639-1) and as the EU's table does; others go to another table."""

KNOWN_FILE_TYPES = frozenset(
    {
        "CSV", "DOC", "DOCX", "GEOJSON", "GIF", "GML", "GPKG", "HTML", "JPEG", "JSON", "JSON_LD",
        "KML", "MDB", "NETCDF", "ODS", "ODT", "PARQUET", "PDF", "PNG", "PPT", "PPTX", "RDF_TURTLE",
        "RDF_XML", "RSS", "RTF", "SHP", "SVG", "TIFF", "TSV", "TXT", "WFS_SRVC", "WMS_SRVC",
        "XLS", "XLSX", "XML", "ZIP",
    }
)  # fmt: skip
"""Formats that the EU's table of file types has; others are written in words."""


def access_right(*, sharing_class: str, open_class: str) -> str:
    """The EU's access right that is true of a resource; empty where nothing is said of it.

    Sharing is between departments, so no sharing class makes anything ``PUBLIC``: the open class
    alone does. Withheld and not opened is ``NON_PUBLIC``; between lies ``RESTRICTED``.

    >>> access_right(sharing_class="unconditional", open_class="closed")
    'http://publications.europa.eu/resource/authority/access-right/RESTRICTED'
    """
    if open_class == "unconditional":
        return f"{RIGHTS}PUBLIC"
    if open_class == "conditional" or sharing_class in {"unconditional", "conditional"}:
        return f"{RIGHTS}RESTRICTED"
    return f"{RIGHTS}NON_PUBLIC" if sharing_class or open_class else ""


FROM_RIGHTS = {
    "PUBLIC": ("unconditional", "unconditional"),
    "RESTRICTED": ("conditional", ""),
    "NON_PUBLIC": ("withheld", "closed"),
    "CONFIDENTIAL": ("withheld", "closed"),
    "SENSITIVE": ("withheld", "closed"),
}
"""Sharing and open class of who says an access right and no word of ours: the narrower reading."""
