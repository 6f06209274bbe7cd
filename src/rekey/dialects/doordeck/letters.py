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
_CHOOSE = (
    "choose there to have forgotten the password of this address. The mail that follows lets you choose one.\n\n"
    "If you know nothing of it, do nothing: nobody gets an account by your address without reading your mail.\n"
)
INVITE = Letter(
    subject="Somebody wants to share a door with you",
    text=f"Somebody wants to share a door with you.\n\nTo open it, install the app, and {_CHOOSE}",
)
INVITE_VISITOR = Letter(
    subject="Somebody wants to share a door with you",
    text=(
        "Somebody wants to share a door with you as a visitor.\n\n"
        f"There is nothing to install. Open the web page that you were told of, and {_CHOOSE}"
    ),
)
