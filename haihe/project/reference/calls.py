"""The page of governed calls: addresses, headers, body, answer, refusals."""

from __future__ import annotations

from haihe.edges.xroad import metaservices
from haihe.engine.calls import refusals
from haihe.project.calls.desk import MEMBER_CLASS
from haihe.project.reference.markdown import code, table

_HEAD = """# Governed calls

A service is called by `POST /r1/{{instance}}/{member_class}/{{member}}/{{subsystem}}/{{service}}`
(X-Road REST r1). `instance` is the city's (`city.toml`), `member` the providing department,
`subsystem` its source system. The subject's number stands in the body, never in the address.

```json
{{"subject": "8112034571", "columns": ["status"]}}
```

`columns` may be left out: all granted columns are meant. A proof takes none; it answers
`true`, `false` or `null` (nothing is known).

The entry in the ledger is committed before the answer leaves. The answer's `receipt` is a signed
promise that the ledger includes it: keep it; `haihe ledger check-promise FILE` judges by it.
"""

_MEMBERS = """
## Metaservices

By `GET` with the same headers, in place of a service's code: {codes}.
`getOpenAPI?serviceCode=CODE` is an OpenAPI 3.1 document.

## Refusals

Problem details (RFC 9457) with `code`, `detail` and `hint`. A refusal of a known caller is entered
in the ledger too, the first 600 of a caller in a minute; all are counted.

"""


def calls_page() -> str:
    """How a service is called and why it may refuse."""
    text = _HEAD.format(member_class=MEMBER_CLASS) + "\n## Headers\n\n"
    text += table(("Header", "Needed", "What it is"), _headers())
    codes = ", ".join(code(each) for each in sorted(metaservices.CODES))
    text += _MEMBERS.format(codes=codes)
    return text + table(("Code", "Status", "What happened", "What to do next"), _refusals())


def _headers() -> list[tuple[str, str, str]]:
    key = ("`Authorization`", "yes", "`Bearer KEY`: the key that the caller was given")
    document = metaservices.open_api(path="/", title={"en": ""}, is_proof=True, columns=())
    return [key] + [
        (code(each["name"]), "yes" if each["required"] else "", each["description"])
        for each in document["paths"]["/"]["post"]["parameters"]
    ]


def _refusals() -> list[tuple[str, str, str, str]]:
    kinds = {kind.code: kind for kind in refusals.Refusal.__subclasses__()}
    return [
        (code(kind.code), str(kind.status), kind.message, kind.hint)
        for _, kind in sorted(kinds.items())
    ]
