"""Stewards, and a page's form as a browser would send it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.test import Client

from haihe.kernel.cases import actions
from haihe.kernel.cases.models import CaseTypeVersion
from haihe.kernel.cases.types.documents import document_of
from haihe.kernel.org.queries import actor_of
from tests.desk.builders import at_desk
from tests.pages.cities import officer

WRITES = ("case_types.read", "cases.type.draft", "cases.type.publish", "cases.migrate")
APPROVES = ("case_types.read", "cases.type.approve")


class Form(HTMLParser):
    """The values that the inputs of a page would send, by name."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._select = self._text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if tag == "input" and held.get("type", "text") in {"text", "hidden"}:
            self._put(held.get("name", ""), held.get("value", ""))
        elif tag == "input" and "checked" in held:
            self._put(held["name"], held["value"])
        elif tag == "select":
            self._select = held["name"]
            self.values.setdefault(self._select, [])
        elif tag == "option" and "selected" in held:
            self.values[self._select] = [held["value"]]
        elif tag == "textarea":
            self._text = held["name"]
            self._put(self._text, "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text = ""

    def handle_data(self, data: str) -> None:
        if self._text:
            self.values[self._text] = [data]

    def _put(self, name: str, value: str) -> None:
        if name and name != "csrfmiddlewaretoken":
            self.values.setdefault(name, []).append(value)


def form_of(page: bytes) -> dict[str, list[str]]:
    """The inputs of a page as a browser would send them."""
    return Form(page.decode()).values


def steward() -> Client:
    """A steward of case types at the desk."""
    return at_desk(officer("data_office", "Sten", permissions=WRITES))


def approver() -> Client:
    """The second person at the desk."""
    return at_desk(officer("data_office", "Apollonia", permissions=APPROVES))


def published(document: dict[str, Any]) -> CaseTypeVersion:
    """A document as a published version, by its way through two persons."""
    writer = officer("data_office", "Wendel", permissions=WRITES)
    second = officer("data_office", "Zoe", permissions=APPROVES)
    made = actions.draft_type(by=actor_of(writer), document=document)
    actions.approve_type(by=actor_of(second), draft=made)
    return actions.publish_type(by=actor_of(writer), draft=made)


def plain(of: Any) -> dict[str, Any]:
    """A type's document with lists for tuples, as JSON has them."""
    return {name: _plain(value) for name, value in document_of(of).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def ordered(of: Any) -> Any:
    """A type's document without the order of those lists that a page shows in its own order."""
    return _ordered(plain(of))


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _ordered(each) for name, each in value.items()}
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return sorted(value)
    return [_ordered(each) for each in value] if isinstance(value, list) else value
