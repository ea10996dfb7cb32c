"""Names of the doors that need no given permission; for menus and routes. No Django."""

ANY_OFFICER = "org.officer.any"
"""Being an officer is enough: the officer's own home, messages and account."""
OWN_DATA = "people.own.read"
"""Being the citizen whose data it is is enough."""
EVERYBODY = "open"
"""No account is needed."""
