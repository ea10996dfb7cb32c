"""What files declares: permissions, ledger kinds, the types that are taken and their limits."""

from __future__ import annotations

from haihe.base.registry import LedgerKind, Permission

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 50_000_000
"""Pixels of a picture: 200 MB unpacked; a phone's camera makes 12 to 50 million."""

IMAGES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXTS = ("text/plain", "text/csv")
AUDIO = ("audio/webm", "audio/ogg", "audio/mp4", "audio/mpeg")
"""What phones record voice notes as."""
TAKEN = (*IMAGES, PDF, XLSX, *TEXTS, *AUDIO)

PERMISSIONS = (
    Permission("files.store", {"zh": "上传文件", "en": "Store files"}),
    Permission("files.open", {"zh": "查看他人文件", "en": "Open others' files"}),
    Permission("files.drop", {"zh": "删除他人文件", "en": "Delete others' files"}),
)

_KEYED = "The subject's key is destroyed on erasure; the bytes are deleted with their last row."

LEDGER_KINDS = (
    LedgerKind("files.stored", {"zh": "存入文件", "en": "File stored"}, _KEYED),
    LedgerKind("files.opened", {"zh": "查看文件", "en": "File opened"}, _KEYED, True),
    LedgerKind("files.dropped", {"zh": "删除文件", "en": "File deleted"}, _KEYED, True),
)
