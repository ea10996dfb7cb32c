"""Signing in: allauth joined to org's accounts, its counted tries, and the terms of sessions."""
