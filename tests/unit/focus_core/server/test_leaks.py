"""What no answer may show is found, and what it may show is not."""

import json

import pytest
from focus_core.base.errors import BenchError
from focus_core.server.client import Exchange
from focus_core.server.leaks import echo_problems, header_problems, problems, problems_at_any_status, texts_of_path
from focus_core.site import secrets


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
    assert problems(exchange(200, f'{{"message": "{body}"}}')) == []
    assert problems_at_any_status(exchange(404, f'{{"error": "{body}"}}')) == [f"its body shows {what}"]
    assert problems_at_any_status(exchange(200, f'{{"message": "{body}"}}')) == [f"its body shows {what}"]


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


def test_members_that_have_to_tell_a_place_may_do_so() -> None:
    content = {"Content_Type": "application/json"}
    telling = (
        '{"stream_url": "http://10.0.0.1:80", "metadata": [{"cmd": "-o /var/x", "recording_machine_name": "a.svc"}]}'
    )
    assert problems_at_any_status(exchange(200, telling, **content)) == []
    other = '{"metadata": [{"uuid": "/var/x"}]}'
    assert problems_at_any_status(exchange(200, other, **content)) == ["its body shows a file of the server"]


@pytest.mark.parametrize("text", ["<b>", 'say "hi"', "שלום", 'say "שלום"', "a\\b"])
def test_what_comes_back_is_found_as_it_is_and_as_json_writes_it(text: str) -> None:
    for body in (text, json.dumps({"error": f"no {text} here"}), json.dumps([text], ensure_ascii=False)):
        assert echo_problems(exchange(422, body), text) == [f"its answer repeats {text!r}"]
    assert echo_problems(exchange(422, "{}", X_Sent=f"a {text}"), "other", text) == [f"its answer repeats {text!r}"]
    assert echo_problems(exchange(422, '{"error": "no such value"}'), text) == []


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("/metadata/<script>", ["<script>"]),
        ("/job/1'%20OR%20'1'='1", ["1'%20OR%20'1'='1", "1' OR '1'='1"]),
        ("/waterfall/1-1/9999", ["1-1/9999", "9999"]),
        ("/ack/%00", ["%00", "\0"]),
        ("/metadata/a/a/", ["a/a/"]),
        ("//etc/passwd", ["passwd"]),
        ("/metadata/..%2fetc%2fpasswd", ["..%2fetc%2fpasswd", "../etc/passwd"]),
    ],
)
def test_what_could_come_back_of_a_path(path: str, texts: list[str]) -> None:
    assert texts_of_path(path) == texts


@pytest.mark.parametrize("path", ["/ack", "/ack/", "/ack/1-1"])
def test_a_path_of_which_nothing_could_be_seen_is_the_tables_mistake(path: str) -> None:
    with pytest.raises(BenchError, match="correct the table"):
        texts_of_path(path)


def test_a_secret_is_found_in_body_and_headers() -> None:
    secrets.register("pass-of-the-site")
    assert problems(exchange(200, '{"x": "pass-of-the-site"}')) == ["it shows a secret of the site"]
    assert problems(exchange(200, "{}", X_Debug="pass-of-the-site")) == ["it shows a secret of the site"]


def test_a_version_in_a_header_is_found() -> None:
    assert header_problems(exchange(200, "{}", Server="ingress")) == []
    assert header_problems(exchange(200, "{}", Server="nginx/1.25.3")) == [
        "its header Server names a version: 'nginx/1.25.3'"
    ]
    assert header_problems(exchange(200, "{}", X_Powered_By="PHP 8.2"))
