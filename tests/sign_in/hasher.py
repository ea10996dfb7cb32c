"""A password hasher that counts how often it hashes."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.hashers import MD5PasswordHasher


class Counting(MD5PasswordHasher):
    """Cheap; ``hashed`` is how often a password was hashed since it was set to nought."""

    algorithm = "md5"
    hashed: ClassVar[int] = 0

    def encode(self, password: str, salt: str) -> str:
        """Hash, and count."""
        type(self).hashed += 1
        return str(super().encode(password, salt))
