"""Interfaces over HTTP as sources: asking with patience, paging, pages that hold still."""
