"""The page at a tile's URL, for whoever scans it with a camera rather than with the app."""

from base64 import b64encode
from hashlib import sha256
from html import escape
from string import Template

from rekey.webkit.message import Reply

_STYLE = """
:root { color-scheme: light dark; font-family: system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #f4f5f7; color: #16202a; }
main { max-width: 26rem; margin: 1rem; padding: 2rem; border-radius: 1rem; background: #fff; }
h1 { margin: 0 0 .75rem; font-size: 1.4rem; }
p, li { line-height: 1.5; }
ol { padding-left: 1.2rem; }
code { font-size: .8rem; overflow-wrap: anywhere; color: #5b6875; }
@media (prefers-color-scheme: dark) {
  body { background: #10161c; color: #e8edf2; }
  main { background: #1a232c; }
  code { color: #93a1af; }
}
"""
_PAGE = Template(
    """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Open this door</title>
<style>$style</style>
</head>
<body>
<main>
<h1>Open this door</h1>
<p>This tile marks a door that opens from your phone.</p>
<ol>
<li>Open the app in which you hold your keys, and sign in.</li>
<li>Choose to scan, and hold the phone to this tile once more.</li>
<li>No key for this door? Ask whoever runs the building to share it with you.</li>
</ol>
<p><code>Tile $tile</code></p>
</main>
</body>
</html>
"""
)
_STYLE_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode()
_HEADERS = (
    (
        "Content-Security-Policy",
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Vary", "Accept"),
)


def tile_page(tile_id: str) -> Reply:
    """Make the page; it loads nothing and names no door, site or organization."""
    page = _PAGE.substitute(style=_STYLE, tile=escape(tile_id))
    return Reply(200, page.encode(), _HEADERS, media_type="text/html; charset=utf-8")
