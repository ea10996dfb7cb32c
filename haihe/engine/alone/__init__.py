"""Haihe's data plane on its own: read a link's file, move its tables, reconcile both sides."""

from haihe.engine.alone.doing import Moved, Reconciled, move, reconcile
from haihe.engine.alone.link_file import BadLinkFile, LinkFile, read_link

__all__ = ["BadLinkFile", "LinkFile", "Moved", "Reconciled", "move", "read_link", "reconcile"]
