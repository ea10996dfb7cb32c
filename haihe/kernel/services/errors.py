"""Failures of services that are no refusals of a call (those are in ``engine.calls.refusals``)."""

from __future__ import annotations

from haihe.base.errors import BadInput, NotPermitted


class BadServiceCode(BadInput):
    """The code can't end an address."""

    code = "services.service.bad_code"
    message = "A service's code is letters, digits, _ and -, and none that X-Road reserves."
    hint = "Choose another code."


class ServiceExists(BadInput):
    """A service of that code is there already."""

    code = "services.service.exists"
    message = "A service of this code is there already."
    hint = "Choose another code, or close that one first."


class CannotServe(BadInput):
    """The resource can't be served: unpublished, withheld, or no subject column."""

    code = "services.resource.cannot_serve"
    hint = "Publish it with a subject column, its identifier scheme and a free column."


class BadPredicate(BadInput):
    """A proof's predicate can't be evaluated, or needs a column that may not leave."""

    code = "services.predicate.bad"
    hint = "Name a servable column, one of = != < <= > >= in, and a value that fits."


class BadSubsystem(BadInput):
    """The subsystem's name can't stand in an address."""

    code = "services.caller.bad_subsystem"
    message = "A subsystem's name is letters, digits, _ and -."


class CallerExists(BadInput):
    """The department has an active caller of that name."""

    code = "services.caller.exists"
    message = "This department has an active caller of that name."
    hint = "End it first; then its name can be given a new key."


class NotTheProvider(NotPermitted):
    """Only the resource's own department opens and closes services on it."""

    code = "services.not_the_provider"
    message = "Only the department that provides the resource may do this."
    hint = "Ask the providing department."
