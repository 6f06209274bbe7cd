"""Small pages of this dialect: plain HTML with everything escaped, and no script but our own."""

import re
from collections.abc import Sequence
from html import escape
from secrets import token_urlsafe

from rekey.dialects.seam.looks import Looks
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
    ".logo{object-fit:cover;border-radius:8px}li{padding:.35rem 0}small{color:#5b6675}"
)
_PLACE = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://[A-Za-z0-9._~:\[\]-]*(?=[/?#]|$)")


def page(
    title: str,
    body: str,
    *,
    status: int = 200,
    script: str = "",
    looks: Looks | None = None,
    leads_to: Sequence[str] = (),
) -> Reply:
    """Give a page; `body` is HTML that was put together with `text`.

    Takes: leads_to, addresses to which sending the page's form may lead, since browsers hold redirects against
    the policy as well.
    """
    nonce = token_urlsafe(12)
    pictures = "'none'" if looks is None or looks.logo is None else origin_of(looks.logo)
    goes_to = " ".join(["'self'", *map(origin_of, leads_to)])
    tail = f'<script nonce="{nonce}">{script}</script>' if script else ""
    content = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{text(title)}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<style nonce="{nonce}">{_STYLE}{_worn(looks)}</style></head>'
        f"<body><main>{_logo(looks)}{body}</main>{tail}</body></html>"
    )
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; "
        f"img-src {pictures}; "
        f"form-action {goes_to}; "
        "base-uri 'none'; frame-ancestors *"
    )
    reply = Reply(status, content.encode(), media_type="text/html; charset=utf-8")
    return reply.with_headers(
        ("content-security-policy", policy),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
    )


def origin_of(address: str) -> str:
    """Give what a policy calls the place of an address: its origin, or the scheme alone where it has none.

    Nothing for an address whose place could end the policy's directive.
    """
    place = _PLACE.match(address)
    if place is None:
        return ""
    return place[0] if place["scheme"].lower() in {"http", "https"} else f"{place['scheme']}:"


def _worn(looks: Looks | None) -> str:
    """Give the style that a workspace chose; `looks` lets nothing but colours through."""
    if looks is None:
        return ""
    chosen = ""
    if looks.color is not None:
        chosen += f".first{{background:{looks.color}}}main{{border-top:6px solid {looks.color}}}"
    if looks.text_color is not None:
        chosen += f".first{{color:{looks.text_color}}}"
    return chosen + (".logo{border-radius:50%}" if looks.is_round else "")


def _logo(looks: Looks | None) -> str:
    if looks is None or looks.logo is None:
        return ""
    return f'<img class="logo" src="{text(looks.logo)}" alt="{text(looks.partner)}" width="64" height="64">'


def text(value: str) -> str:
    """Escape text for HTML, attributes included."""
    return escape(value, quote=True)
