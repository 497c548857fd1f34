"""The HTTP session: one call is one request, and what comes back is the answer."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from focus_core.base import http_session
from focus_core.base.errors import BenchError
from focus_core.base.http_session import HttpSession, NoAnswerError
from support.loopback import Answer, free_port, http_server

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"


@contextmanager
def raw_server(*answers: bytes, end: bool = False) -> Iterator[tuple[str, list[bytes]]]:
    """Gives these bytes, one after the other, to whatever is asked; with ``end`` it closes after each answer."""
    heard: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))
    held: list[socket.socket] = []

    def serve() -> None:
        for answer in answers:
            if not held:
                held.append(listener.accept()[0])
            heard.append(held[0].recv(65536))
            held[0].sendall(answer)
            if end:
                held.pop().close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/prefix", heard
    for connection in (listener, *held):
        connection.close()


def test_an_answer_is_given_whole() -> None:
    lines = b"Content-Type: text/plain; charset=latin-1\r\nAllow: GET\r\nallow: POST\r\nSet-Cookie: a=1\r\n\r\n\xe9!"
    with raw_server(OK + lines) as (url, heard):
        answer = HttpSession(url, timeout=2).send("GET", "/a b/\u05d0?q=1", headers={"X-Mine": "\u05d0"})
    assert (answer.status, answer.text, answer.content) == (200, "\xe9!", b"\xe9!")
    assert answer.headers["ALLOW"] == "GET, POST"
    assert "x-none" not in answer.headers
    assert answer.set_cookies == ["a=1"]
    assert heard[0].startswith(b"GET /prefix/a%20b/%D7%90?q=1 HTTP/1.1\r\n")
    assert "X-Mine: \u05d0\r\n".encode() in heard[0]


def test_a_redirection_is_an_answer() -> None:
    redirected = b"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
    with raw_server(redirected) as (url, _):
        answer = HttpSession(url, timeout=2).send("GET", "/")
    assert (answer.status, answer.headers["Location"]) == (307, "http://127.0.0.1:9/")


def test_a_connection_that_was_idle_for_long_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """As uvicorn and every ingress, the server is about to end it: it takes no other request on it."""
    monkeypatch.setattr(http_session, "_MOST_IDLE_S", 0.1)
    with raw_server(OK + b"\r\nab") as (url, _), raw_server(OK + b"\r\ncd") as (other, _):
        session = HttpSession(url, timeout=5)
        assert session.send("GET", "/").text == "ab"
        time.sleep(0.15)
        session._url = other
        assert session.send("GET", "/").text == "cd"


def test_a_connection_is_kept_and_one_that_the_server_ended_is_replaced() -> None:
    with raw_server(OK + b"\r\nab", OK + b"\r\ncd") as (url, _):
        session = HttpSession(url, timeout=2)
        assert [session.send("GET", "/").text for _ in range(2)] == ["ab", "cd"]
    with raw_server(OK + b"\r\nab", OK + b"\r\ncd", end=True) as (url, _):
        session = HttpSession(url, timeout=2)
        assert session.send("GET", "/").text == "ab"
        time.sleep(0.5)
        assert session.send("GET", "/").text == "cd"


def test_an_answer_that_was_not_asked_for_is_not_taken_for_the_next() -> None:
    with raw_server(OK + b"\r\nab" + OK + b"\r\nxx") as (url, _):
        session = HttpSession(url, timeout=1.0)
        assert session.send("GET", "/").text == "ab"
        time.sleep(0.1)
        with pytest.raises(NoAnswerError):
            session.send("GET", "/")


def test_several_threads_have_a_connection_each() -> None:
    with http_server({"GET /ack": Answer(200, "x" * 1000)}) as server:
        session = HttpSession(server.url, timeout=5)
        found: list[int] = []
        threads = [threading.Thread(target=lambda: found.append(session.send("GET", "/ack").status)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [200] * 8


@pytest.mark.parametrize(("answer", "kind"), [(b"", "TimeoutError"), (b"220 smtp ready\r\n", "BadStatusLine")])
def test_what_is_no_answer_says_what_it_was(answer: bytes, kind: str) -> None:
    with raw_server(answer) as (url, _), pytest.raises(NoAnswerError, match=kind):
        HttpSession(url, timeout=0.3).send("GET", "/")


def test_a_server_is_unverified_until_it_answers_and_after_it_did_not() -> None:
    asked: list[str] = []

    def liveness_check() -> None:
        asked.append("asked")
        if len(asked) > 1:
            raise BenchError("It is dead.")

    with raw_server(OK + b"\r\nab", b"") as (url, _):
        session = HttpSession(url, timeout=1.0, liveness_check=liveness_check)
        session.send("GET", "/")
        with pytest.raises(NoAnswerError):
            session.send("GET", "/")
        assert asked == ["asked"]
        for _ in range(2):
            with pytest.raises(BenchError, match="It is dead"):
                session.send("GET", "/")
    assert asked == ["asked"] * 3


def test_nobody_there_is_no_answer() -> None:
    with pytest.raises(NoAnswerError, match="ConnectionRefusedError"):
        HttpSession(f"http://127.0.0.1:{free_port()}", timeout=1).send("GET", "/")


def test_an_answer_to_half_a_body_is_an_answer() -> None:
    with raw_server(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n", end=True) as (url, _):
        try:
            assert HttpSession(url, timeout=2).send("POST", "/", body=b"x" * 5_000_000).status == 413
        except NoAnswerError as error:
            # The system may throw the answer away with the connection.
            assert "Reset" in str(error)
