"""What the log keeps to itself."""

from rekey.app.logs import hide_secrets, name_fault


def test_a_value_whose_name_may_mean_a_secret_is_hidden() -> None:
    event = {"event": "signed_in", "password": "p", "Token": "t", "body": "b", "person": "id"}
    assert hide_secrets(None, "info", event) == {
        "event": "signed_in",
        "password": "hidden",
        "Token": "hidden",
        "body": "hidden",
        "person": "id",
    }


def test_an_exception_is_told_by_its_kind_and_place_and_never_by_its_message() -> None:
    try:
        raise ValueError("the token was abc")
    except ValueError as error:
        event = name_fault(None, "error", {"event": "failed", "exc_info": error})
    assert event["exception"] == "ValueError"
    assert event["where"][0].endswith("an_exception_is_told_by_its_kind_and_place_and_never_by_its_message")
    assert "abc" not in str(event)


def test_an_event_without_an_exception_stays_as_it_is() -> None:
    assert name_fault(None, "info", {"event": "stopped"}) == {"event": "stopped"}
