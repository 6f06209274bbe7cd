"""What people are told by mail, in the words of this API."""

from dataclasses import replace

from rekey.domain.estate import Organization
from rekey.operations.post import CODE, Letter


def welcome(organization: Organization) -> Letter:
    """Send a new user the token by which to sign up."""
    return Letter(
        subject=f"You were added to {organization.name}",
        text=(
            f"{organization.name} can give you access to its doors now. To choose a password, sign up within "
            f"14 days with this token: {organization.domain}.{CODE}"
        ),
    )


def access_given(organization: Organization, where: str) -> Letter:
    return Letter(
        subject=f"You have access to {where}",
        text=f"{organization.name} gave you access to {where}.",
    )


def team_joined(organization: Organization, team: str) -> Letter:
    return Letter(
        subject=f"You joined {team}",
        text=f"{organization.name} put you into the team {team}. What the team may open, you may open.",
    )


def password_reset(organization: Organization) -> Letter:
    """Mail the token by which a password is chosen; it names the organization, since the answer does not."""
    return Letter(
        subject=f"Choose a password for {organization.name}",
        text=(
            f"Somebody asked to choose a new password for your account at {organization.name}.\n\n"
            "If it was you, use this token within an hour:\n\n"
            f"{organization.domain}.{{code}}\n\n"
            "If it was not you, do nothing: your password stays as it is.\n"
        ),
    )


def reminder(organization: Organization) -> Letter:
    """Tell somebody where to sign in."""
    return Letter(
        subject="Where you can sign in",
        text=f"You have an account at {organization.name}. Its domain is {organization.domain}.",
    )


def card_to_activate(organization: Organization, number: int) -> Letter:
    """Send the holder of a new card the token that activates it."""
    return Letter(
        subject="Activate your card",
        text=(
            f"{organization.name} gave you card {number}. It opens nothing before it is activated: hold it to a "
            f"reader, or use this token within 14 days: {organization.domain}.{CODE}"
        ),
    )


def card_pin(organization: Organization, number: int, digits: str) -> Letter:
    return Letter(
        subject="The PIN of your card",
        text=f"{organization.name} set a PIN for card {number}. Type it after holding up the card: {digits}",
    )


def link_by_mail(organization: Organization, where: str, url: str) -> Letter:
    """Send a visitor the address by which the doors open."""
    return Letter(
        subject=f"Your access to {where}",
        text=(
            f"{organization.name} gave you access to {where}. Open the doors, or show your code, on this page:\n\n"
            f"{url}\n\nWhoever has this address can open them: keep it to yourself.\n"
        ),
    )


def link_by_message(organization: Organization, where: str, url: str) -> Letter:
    return Letter(subject=f"Access to {where}", text=f"{organization.name}, {where}: {url}")


def with_page(letter: Letter, url: str) -> Letter:
    """Add the address of the visitor's own page."""
    more = f"Open the doors, or show your code, on this page:\n\n{url}\n\nKeep this address to yourself.\n"
    return replace(letter, text=f"{letter.text}\n\n{more}")
