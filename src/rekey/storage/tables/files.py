"""Table of files that are kept beside documents, in parts."""

from rekey.storage.tables.base import plain, raw, text, whole

file_parts = plain(
    "file_parts",
    text("document_id"),
    text("name"),
    whole("place"),
    raw("content"),
    kind="file_part",
    key=("document_id", "name", "place"),
)
