"""What people are told by mail, in the words of this API."""

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
