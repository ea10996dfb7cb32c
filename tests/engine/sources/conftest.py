"""What these tests share: departments' servers, and a lake of their own."""

from tests.servers import department, department_server, lake, maria, maria_server, receiver

__all__ = ["department", "department_server", "lake", "maria", "maria_server", "receiver"]
