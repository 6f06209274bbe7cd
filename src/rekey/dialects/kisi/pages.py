"""The frame of every page that this dialect shows to people: no script, nothing loaded, no Referer, in no cache."""

from html import escape
from secrets import token_urlsafe

from rekey.webkit.message import Reply

SELF = "'self'"
_STYLE = (
    ":root{color-scheme:light dark}"
    "body{margin:0;font:17px/1.5 system-ui,sans-serif;background:#eef1f4;color:#16202a}"
    "main{max-width:28rem;margin:0 auto;padding:1.5rem 1rem 3rem}"
    "header p{margin:.1rem 0 1.4rem;color:#566270}h1{margin:0;font-size:1.5rem}"
    "ul{list-style:none;margin:0;padding:0}"
    "li{display:flex;align-items:center;justify-content:space-between;gap:1rem;background:#fff;"
    "border-radius:14px;padding:.9rem 1rem;margin:0 0 .7rem}"
    "li span{overflow-wrap:anywhere}li small{display:block;color:#566270}"
    "button{flex:none;min-height:3rem;padding:0 1.4rem;font:inherit;font-weight:600;border:0;"
    "border-radius:999px;background:#0b5d4e;color:#fff;cursor:pointer}"
    "button:focus-visible{outline:3px solid #e0a100;outline-offset:2px}"
    "[role]{border-radius:12px;padding:.8rem 1rem;margin:0 0 1rem}"
    "[role=status]{background:#d9f0e3;color:#0b4a2c}[role=alert]{background:#fbe3df;color:#7d1a10}"
    "figure{margin:1.4rem 0 0;background:#fff;border-radius:14px;padding:1rem;text-align:center}"
    "figure img{width:100%;max-width:15rem;image-rendering:pixelated}figcaption{color:#566270}"
    "label{display:block;margin:0 0 1rem;color:#566270}"
    "input{display:block;box-sizing:border-box;width:100%;min-height:3rem;padding:0 .9rem;margin-top:.2rem;"
    "font:inherit;color:inherit;background:#fff;border:1px solid #9aa7b4;border-radius:12px}"
    "button.plain{background:transparent;color:inherit}"
    "@media(prefers-color-scheme:dark){body{background:#11171d;color:#e7ecf1}li{background:#1b242d}"
    "header p,li small{color:#9aa7b4}label{color:#9aa7b4}input{background:#1b242d}"
    "button{background:#2f9e83;color:#06120f}figure{background:#fff}}"
)


def html_page(title: str, body: str, *, status: int = 200, sends_to: str = "") -> Reply:
    """Give a page. `body` is HTML already; `sends_to` is a further origin that its forms may end at."""
    nonce = token_urlsafe(12)
    content = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f'<style nonce="{nonce}">{_STYLE}</style></head><body><main>{body}</main></body></html>'
    )
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; "
        f"form-action {' '.join(filter(None, (SELF, sends_to)))}; base-uri 'none'; frame-ancestors 'none'"
    )
    return Reply(status, content.encode(), media_type="text/html; charset=utf-8").with_headers(
        ("content-security-policy", policy),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
    )
