"""ODRL 2.2: the terms of a grant as a policy in JSON-LD, and such a policy read back. Pure.

Sources: W3C Recommendations ODRL Information Model 2.2 and ODRL Vocabulary & Expression 2.2 (2018).
What the vocabulary has no word for stands in the house's own namespace, as a profile;
docs/reference/grant-terms.md says which field becomes which term.
"""

from haihe.edges.odrl.faults import BadPolicy, UnknownTerm
from haihe.edges.odrl.reading import document_of
from haihe.edges.odrl.writing import FIELDS, MEDIA_TYPE, PROFILE, policy_of

__all__ = [
    "FIELDS",
    "MEDIA_TYPE",
    "PROFILE",
    "BadPolicy",
    "UnknownTerm",
    "document_of",
    "policy_of",
]
