"""Files: photos, documents, exports; checked, found by hash, deleted with their term."""
