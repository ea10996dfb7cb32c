"""Merkle log: RFC 6962 hashes and proofs, salted commitments of entries, promises. No Django."""
