"""Who may call the Google side, how often, and how it fails."""

import time
from typing import Any

import gspread
import pytest
import requests
from google.auth import crypt, jwt
from google.auth.exceptions import RefreshError
from gspread.exceptions import APIError

from sandbox.faults import Fault
from sandbox.google.accounts import ACCOUNT, Accounts
from tests.sandbox.sheets import Ledger, credentials_of, towards

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
AUTH = "https://www.googleapis.com/auth/"


def assertion(ledger: Ledger, **changed: Any) -> str:
    now = int(time.time())
    claims = {
        "iss": ACCOUNT,
        "aud": f"{ledger.url}/google/token",
        "iat": now,
        "exp": now + 3600,
        "scope": AUTH + "spreadsheets",
    }
    signer = crypt.RSASigner.from_service_account_file(str(ledger.key_file))  # type: ignore[no-untyped-call]
    return str(jwt.encode(signer, {**claims, **changed}).decode())  # type: ignore[no-untyped-call]


def grant(ledger: Ledger, text: str) -> dict[str, Any]:
    address = f"{ledger.url}/google/token"
    answer = requests.post(address, data={"grant_type": GRANT, "assertion": text}, timeout=10)
    found: dict[str, Any] = {**answer.json(), "status": answer.status_code}
    return found


def test_a_signed_assertion_gets_a_token(ledger: Ledger) -> None:
    assert grant(ledger, assertion(ledger))["token_type"] == "Bearer"


@pytest.mark.parametrize(("changed", "says"), [
    ({"iss": "somebody@else"}, "account not found"),
    ({"aud": "https://elsewhere/token"}, "audience"),
    ({"exp": int(time.time()) - 1000, "iat": int(time.time()) - 4000}, "short-lived"),
    ({"exp": int(time.time()) + 9000}, "short-lived"),
    ({"iat": int(time.time()) + 900, "exp": int(time.time()) + 4000}, "short-lived"),
    ({"scope": ""}, "scope"),
])  # fmt: skip
def test_an_assertion_that_google_would_refuse_gets_none(ledger: Ledger, changed: dict[str, Any], says: str) -> None:
    answer = grant(ledger, assertion(ledger, **changed))
    assert answer["status"] == 400
    assert says in answer["error_description"]


@pytest.mark.parametrize("text", ["a.b.c", "junk", ""])
def test_junk_is_no_assertion(ledger: Ledger, text: str) -> None:
    assert grant(ledger, text)["error"] == "invalid_grant"


def test_an_assertion_signed_with_another_key_gets_none(ledger: Ledger) -> None:
    good = assertion(ledger)
    other = assertion(ledger, scope=AUTH + "drive")
    assert grant(ledger, good.rsplit(".", 1)[0] + "." + other.rsplit(".", 1)[1])["error"] == "invalid_grant"


def test_a_deleted_key_ends_both_new_and_given_tokens(ledger: Ledger) -> None:
    ledger.google.accounts.revoked = True
    try:
        with pytest.raises(RefreshError):
            gspread.Client(auth=credentials_of(ledger.key_file), http_client=towards(ledger.url)).open_by_key("key-1")
        with pytest.raises(RefreshError):  # the 401 makes google-auth ask for another token
            ledger.sheet.worksheets()
    finally:
        ledger.google.accounts.revoked = False


def test_tokens_outlive_a_restart_that_keeps_the_secret() -> None:
    first, second, other = Accounts("kept"), Accounts("kept"), Accounts()
    token = first._token([AUTH + "spreadsheets"], time.time() + 60)
    assert second.scopes_of(token) == {"spreadsheets"}
    assert other.scopes_of(token) is None
    assert first.scopes_of(first._token(["x"], time.time() - 1)) is None


def test_a_read_only_token_reads_and_does_not_write(ledger: Ledger) -> None:
    credentials = credentials_of(ledger.key_file, [AUTH + "spreadsheets.readonly"])
    sheet = gspread.Client(auth=credentials, http_client=towards(ledger.url)).open_by_key("key-1")
    assert sheet.sheet1.acell("A1").value == "id"
    with pytest.raises(APIError, match="insufficient authentication scopes"):
        sheet.sheet1.update_acell("A1", "x")


def test_sixty_reads_a_minute_and_drive_counts_its_own(ledger: Ledger) -> None:
    for _ in range(59):
        ledger.sheet.worksheets()
    with pytest.raises(APIError, match="Quota exceeded"):
        ledger.sheet.worksheets()
    assert ledger.sheet.get_lastUpdateTime()


def test_a_minute_later_the_quota_is_free_again(ledger: Ledger) -> None:
    for _ in range(59):
        ledger.sheet.worksheets()
    ledger.clock.forward(61)
    assert ledger.sheet.worksheets()


def test_drive_tells_the_time_of_the_last_change_and_not_of_the_question(ledger: Ledger) -> None:
    first = ledger.sheet.get_lastUpdateTime()
    ledger.clock.forward(100)
    assert ledger.sheet.get_lastUpdateTime() == first
    ledger.sheet.sheet1.update_acell("A2", "x")
    assert ledger.sheet.get_lastUpdateTime() > first


def drive(ledger: Ledger, key: str = "key-1", **params: str) -> requests.Response:
    return ledger.call("GET", f"drive/v3/files/{key}", **params)


def test_drive_may_lag_behind_the_cells(ledger: Ledger) -> None:
    before = drive(ledger, fields="version").json()
    ledger.google.drive_lag(True)
    ledger.sheet.sheet1.update_acell("A2", "x")
    assert drive(ledger, fields="version").json() == before
    ledger.google.drive_lag(False)
    assert int(drive(ledger, fields="version").json()["version"]) > int(before["version"])
    assert set(drive(ledger).json()) == {"kind", "id", "name", "mimeType"}


def test_what_is_not_shared_is_not_there_for_drive_and_forbidden_for_sheets(ledger: Ledger) -> None:
    ledger.google.shared = False
    hidden = drive(ledger).json()["error"]
    assert (hidden["code"], hidden["errors"][0]["reason"]) == (404, "notFound")
    with pytest.raises(PermissionError):
        ledger.client.open_by_key("key-1")
    assert drive(ledger, "other").status_code == 404


@pytest.mark.parametrize(("kind", "code", "status"), [
    ("429", 429, "RESOURCE_EXHAUSTED"), ("500", 500, "INTERNAL"), ("503", 503, "UNAVAILABLE"),
    ("error:PERMISSION_DENIED", 403, "PERMISSION_DENIED"),
])  # fmt: skip
def test_planned_refusals_have_googles_shape(ledger: Ledger, kind: str, code: int, status: str) -> None:
    ledger.google.faults.plan(Fault("values.get", kind, retry_after=7))
    answer = ledger.call("GET", "v4/spreadsheets/key-1/values/Other")
    assert (answer.status_code, answer.json()["error"]["status"]) == (code, status)
    assert answer.headers.get("Retry-After") == ("7" if kind == "429" else None)


@pytest.mark.parametrize("kind", ["reset", "cut", "lost", "truncated"])
def test_a_lost_answer_leaves_the_write_and_the_caller_does_not_know(ledger: Ledger, kind: str) -> None:
    ledger.google.faults.plan(Fault("values.update", kind))
    with pytest.raises((requests.RequestException, APIError)) as caught:
        ledger.sheet.sheet1.update_acell("A2", kind)
    if kind == "reset":
        assert isinstance(caught.value, requests.ConnectionError)
    if kind == "cut":
        assert "IncompleteRead" in repr(caught.value)
    assert ledger.cells[1][0] == kind
    assert ledger.google.faults.seen == [f"values.update:{kind}"]


def test_a_reset_before_anything_happened_leaves_nothing(ledger: Ledger) -> None:
    ledger.google.faults.plan(Fault("values.update", "reset", applies=False))
    with pytest.raises(requests.ConnectionError):
        ledger.sheet.sheet1.update_acell("A2", "x")
    assert ledger.cells[1][0] == "C1"


def test_a_stall_says_nothing_until_the_caller_gives_up(ledger: Ledger) -> None:
    ledger.google.faults.plan(Fault("values.get", "stall"))
    ledger.client.set_timeout(0.2)
    try:
        with pytest.raises(requests.Timeout):
            ledger.sheet.sheet1.get("A2")
    finally:
        ledger.client.set_timeout(None)
        ledger.google.faults.clear()


def test_a_call_that_is_not_played_is_refused_loudly(ledger: Ledger) -> None:
    with pytest.raises(APIError) as caught:
        ledger.sheet.sheet1.append_row(["x"])
    assert caught.value.code == 501
    assert "append" in ledger.google.unknown[0]
