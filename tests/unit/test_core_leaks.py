"""What no answer may show is found, and what it may show is not."""

import pytest
from focus_core import secrets
from focus_core.focus_client import Exchange
from focus_core.leaks import header_problems, problems


def exchange(status: int, body: str, **headers: str) -> Exchange:
    shown = {name.replace("_", "-"): value for name, value in headers.items()}
    return Exchange("GET", "http://127.0.0.1/focus-server/ack", "", status, shown, body, 0.1)


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("Traceback (most recent call last)", "a stack trace"),
        ('File "x", line 3, in y', "a stack trace"),
        ("<object at 0x7f00aa11bb>", "a stack trace"),
        ("see /usr/lib/python", "a file of the server"),
        ("main.py", "a file of the server"),
        ("mongodb://panda", "the address of a service"),
        ("10.43.0.12:5672 refused", "the address of a service"),
        ("webapp.panda.svc", "the address of a service"),
        ("pymongo.errors.ServerSelectionTimeoutError: no", "an exception"),
        ("KeyError: 'channels'", "an exception"),
    ],
)
def test_innards_in_an_error_are_found(body: str, what: str) -> None:
    assert problems(exchange(404, f'{{"error": "{body}"}}')) == [f"its body shows {what}"]
    assert problems(exchange(200, f'{{"cmd": "{body}"}}')) == []


@pytest.mark.parametrize(
    "body",
    [
        '{"error":"Invalid job_id: there is no such job."}',
        '{"detail":"Method Not Allowed"}',
        '{"type":"ValidationError","path":"/metadata/etc"}',
        '{"detail":[{"loc":["body","start_time"],"msg":"Invalid field: Input should be valid","type":"int_type"}]}',
    ],
)
def test_a_clean_refusal_passes(body: str) -> None:
    assert problems(exchange(404, body)) == []


def test_a_secret_is_found_in_body_and_headers() -> None:
    secrets.register("pass-of-the-site")
    assert problems(exchange(200, '{"x": "pass-of-the-site"}')) == ["it shows a secret of the site"]
    assert problems(exchange(200, "{}", X_Debug="pass-of-the-site")) == ["it shows a secret of the site"]


def test_a_version_in_a_header_is_found() -> None:
    assert header_problems(exchange(200, "{}", Server="ingress")) == []
    assert header_problems(exchange(200, "{}", Server="nginx/1.25.3")) == [
        "its header Server tells a version: 'nginx/1.25.3'"
    ]
    assert header_problems(exchange(200, "{}", X_Powered_By="PHP 8.2"))
