"""What people whom a directory adds are told by mail."""

from rekey.domain.estate import Organization
from rekey.operations.post import CODE, Letter
from rekey.operations.provisioned_account import Welcome


def welcome(organization: Organization) -> Welcome:
    """Tell of the account: with the token by which to choose a password, or that the directory's counts."""
    subject = f"You were added to {organization.name}"
    added = f"{organization.name} can give you access to its doors now."
    return Welcome(
        invitation=Letter(
            subject=subject,
            text=(
                f"{added} To choose a password, sign up within 14 days with this token: "
                f"{organization.domain}.{CODE}"
            ),
        ),
        notice=Letter(
            subject=subject,
            text=(
                f"{added} Sign in at {organization.domain} with this address and the password that your "
                "directory set for you, or have a new one sent to you."
            ),
        ),
    )
