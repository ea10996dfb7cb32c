"""What the tests of exchange share: departments with databases of their own."""

from tests.servers import department, department_server, maria, maria_server, receiver

__all__ = ["department", "department_server", "maria", "maria_server", "receiver"]
