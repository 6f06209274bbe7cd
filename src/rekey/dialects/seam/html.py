"""Small pages of this dialect: plain HTML with everything escaped, and no script but our own."""

from html import escape
from secrets import token_urlsafe

from rekey.webkit.message import Reply

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f4f5f7;color:#1d2430}"
    "main{max-width:26rem;margin:8vh auto;background:#fff;padding:2rem;border-radius:12px;"
    "box-shadow:0 1px 4px #0002}h1{font-size:1.35rem;margin-top:0}"
    "label{display:block;margin:1rem 0 .25rem}input{width:100%;box-sizing:border-box;padding:.6rem;"
    "font:inherit;border:1px solid #aab2bf;border-radius:6px}"
    "button{margin-top:1.25rem;padding:.65rem 1.1rem;font:inherit;border:0;border-radius:6px;cursor:pointer}"
    ".first{background:#1f5eff;color:#fff}.second{background:none;color:#3b4656}"
    "[role=alert]{background:#fdecea;color:#8a1c12;padding:.6rem .8rem;border-radius:6px}"
    "li{padding:.35rem 0}small{color:#5b6675}"
)


def page(title: str, body: str, *, status: int = 200, script: str = "") -> Reply:
    """Give a page; `body` is HTML that was put together with `text`."""
    nonce = token_urlsafe(12)
    tail = f'<script nonce="{nonce}">{script}</script>' if script else ""
    content = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{text(title)}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<style nonce="{nonce}">{_STYLE}</style></head><body><main>{body}</main>{tail}</body></html>'
    )
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors *"
    )
    reply = Reply(status, content.encode(), media_type="text/html; charset=utf-8")
    return reply.with_headers(
        ("content-security-policy", policy),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
    )


def text(value: str) -> str:
    """Escape text for HTML, attributes included."""
    return escape(value, quote=True)
