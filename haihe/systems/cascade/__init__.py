"""The catalogue beyond the house: written out as DCAT-AP, others' read, levels joined."""
