"""What this wire API mails to people; `{code}` is filled in by the act that makes the code."""

from rekey.operations.post import Letter

VERIFY_EMAIL = Letter(
    subject="Confirm your e-mail address",
    text=(
        "Somebody registered an account with this address.\n\n"
        "If it was you, enter this code in the app within two days:\n\n"
        "{code}\n\n"
        "If it was not you, do nothing: the account can't take anything that is yours.\n"
    ),
)
TRUST_KEY = Letter(
    subject="Your code for a new device",
    text=(
        "A further device asks to open doors as you.\n\n"
        "If it is yours, enter this code on it within five minutes:\n\n"
        "{code}\n\n"
        "If it is not, change your password now: somebody knows it.\n"
    ),
)

RESET_PASSWORD = Letter(
    subject="Choose a new password",
    text=(
        "Somebody asked to choose a new password for your account.\n\n"
        "If it was you, enter this code in the app within an hour:\n\n"
        "{code}\n\n"
        "Your user id, if the app asks for it: {person}\n\n"
        "If it was not you, do nothing: your password stays as it is.\n"
    ),
)
