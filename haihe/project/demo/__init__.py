"""Fills a first start with a made-up city, through the actions a real city would use.

``fill`` may be killed and run again: each step first asks what is there already.
"""

from haihe.project.demo.filling import Account, fill, make_calls

__all__ = ["Account", "fill", "make_calls"]
