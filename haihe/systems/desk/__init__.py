"""Desk: the home of officers, and the audit view."""
