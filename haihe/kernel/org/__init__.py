"""Org: departments, officers, posts, one permission per operation. Not for citizens."""
