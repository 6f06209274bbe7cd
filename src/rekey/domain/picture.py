"""Pictures that are shown as they came: told by their beginnings, and never anything that could run."""

MOST_BYTES = 1_048_576
_BEGINNINGS = (
    ("image/png", b"\x89PNG\r\n\x1a\n"),
    ("image/jpeg", b"\xff\xd8\xff"),
    ("image/gif", b"GIF87a"),
    ("image/gif", b"GIF89a"),
)


def picture_type(content: bytes) -> str | None:
    """Give the media type by what the content begins with; None for anything but PNG, JPEG, GIF and WebP."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for kind, beginning in _BEGINNINGS if content.startswith(beginning)), None)
