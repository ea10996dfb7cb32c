"""`python -m haihe.edges.dcat.apart`: one page read in a process of its own, bounded.

A document that was made to eat memory or time ends this process and nothing else. In: a line of
JSON (``media_type``, ``address``, ``terms``, ``memory_mib``, ``seconds``), then the document. Out:
the page as ``plain`` tells it, or ``{"fault": code}``.
"""

from __future__ import annotations

import json
import resource
import sys

from haihe.base.errors import HaiheError
from haihe.edges.dcat.plain import page_as_json
from haihe.edges.dcat.reading import read_page

_MIB = 1 << 20


def main() -> None:
    """Bound this process, then read: nothing of the document is looked at before."""
    told = json.loads(sys.stdin.buffer.readline())
    memory = told["memory_mib"] * _MIB
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (told["seconds"], told["seconds"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    content = sys.stdin.buffer.read()
    try:
        page = read_page(
            content, media_type=told["media_type"], address=told["address"], terms=told["terms"]
        )
    except HaiheError as fault:
        sys.stdout.write(json.dumps({"fault": fault.code}))
        return
    sys.stdout.buffer.write(page_as_json(page))


if __name__ == "__main__":
    main()
