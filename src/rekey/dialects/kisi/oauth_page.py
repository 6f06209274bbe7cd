"""The page on which a user lets an application act, or does not; pure. It works without JavaScript."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from rekey.dialects.kisi.pages import html_page
from rekey.domain.application import origin_of
from rekey.webkit.message import Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks whom, and the fields of the request, which come back with the answer."""

    organization: str
    application: str
    return_url: str
    fields: Mapping[str, str]


def ask_page(asking: Asking, *, email: str = "", trouble: str | None = None, status: int = 200) -> Reply:
    """Ask the user to sign in and to allow it; `trouble` says why the last try came to nothing."""
    name, place = escape(asking.application), escape(asking.organization)
    hidden = "".join(
        f'<input type="hidden" name="{escape(key)}" value="{escape(value)}">'
        for key, value in asking.fields.items()
    )
    alert = "" if trouble is None else f'<p role="alert">{escape(trouble)}</p>'
    body = (
        f"<header><h1>{name}</h1><p>{place}</p></header>{alert}"
        f"<p>{name} asks to act in your name at {place}: it may do and open all that you may, until your "
        f"administrator ends it or you change your password. You go back to {escape(_shown(asking.return_url))}.</p>"
        f'<form method="post">{hidden}'
        f'<label>E-mail<input type="email" name="email" autocomplete="username" value="{escape(email)}"></label>'
        '<label>Password<input type="password" name="password" autocomplete="current-password"></label>'
        "<label>Code of your second factor, if you use one"
        '<input name="otp_attempt" autocomplete="one-time-code"></label>'
        '<button name="decision" value="allow">Allow</button> '
        '<button class="plain" name="decision" value="refuse">Refuse</button></form>'
    )
    return html_page(asking.application, body, status=status, sends_to=_shown(asking.return_url))


def broken_page(why: str) -> Reply:
    """Say that nothing can be asked; the browser stays here, as no address to go back to can be trusted."""
    title = "This application can't ask you anything"
    return html_page(title, f"<header><h1>{escape(title)}</h1></header><p>{escape(why)}</p>", status=400)


def _shown(url: str) -> str:
    """Give the part of an address that says who gets the answer."""
    try:
        return origin_of(url)
    except ValueError:
        return url.partition(":")[0] + ":"
