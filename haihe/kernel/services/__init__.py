"""Services: governed interfaces on resources; who may call what, why, how often."""
