"""What the tests of sharing share: departments with databases of their own."""

from tests.servers import department, department_server, receiver

__all__ = ["department", "department_server", "receiver"]
