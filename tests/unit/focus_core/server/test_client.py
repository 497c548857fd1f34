"""The REST client: what it sends, what it records, what it registers for clean-up."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from focus_core.base import cleanup
from focus_core.base.errors import BenchError
from focus_core.run.job_keeper import JobKeeper
from focus_core.run.left_jobs import OwnedJobs
from focus_core.server.client import Exchange, FocusClient
from focus_core.views import refusals
from support.loopback import Answer, Server, free_port, http_server


@pytest.fixture
def server() -> Iterator[Server]:
    answers = {
        "POST /configure": Answer(200, {"job_id": "7-12"}),
        "DELETE /job/7-12": Answer(200, {"status": "success"}),
        "GET /ack": Answer(200, {}),
    }
    with http_server(answers) as running:
        cleanup.push()
        yield running
        cleanup.pop()


@pytest.fixture
def jobs(tmp_path: Path) -> JobKeeper:
    return JobKeeper(OwnedJobs(tmp_path, "lane0"))


def client(server: Server, **options: object) -> FocusClient:
    return FocusClient(server.url, timeout=5, **options)  # type: ignore[arg-type]


def test_a_job_is_registered_the_moment_it_exists(server: Server, jobs: JobKeeper) -> None:
    client(server, jobs=jobs).configure({"view_type": 0})
    assert len(cleanup.current()) == 1
    assert cleanup.current().run() == []
    assert server.requests[-1].target == "DELETE /job/7-12"


def test_a_job_that_the_test_removed_is_not_removed_again(server: Server, jobs: JobKeeper) -> None:
    focus = client(server, jobs=jobs)
    focus.configure({})
    assert focus.delete_job("7-12").status == 200
    assert len(cleanup.current()) == 0


def test_a_job_that_is_already_gone_is_fine(server: Server, jobs: JobKeeper) -> None:
    client(server, jobs=jobs).configure({})
    server.answers["DELETE /job/7-12"] = Answer(404, {"error": "unknown"})
    assert cleanup.current().run() == []


@pytest.mark.parametrize(
    ("state", "ended"),
    [
        (Answer(200, {"status": "running"}), ["7-12"]),
        (Answer(404, {"error": "Invalid job_id"}), []),
        (Answer(404, {"detail": "Not Found"}), ["7-12"]),
    ],
)
def test_a_job_that_the_server_cannot_remove_is_ended_otherwise(
    server: Server, jobs: JobKeeper, state: Answer, ended: list[str]
) -> None:
    seen: list[str] = []
    client(server, jobs=jobs, end_job=seen.append).configure({})
    server.answers["DELETE /job/7-12"] = Answer(404, {"detail": "Not Found"})
    server.answers["GET /ack/7-12"] = state
    assert cleanup.current().run() == []
    assert seen == ended


def test_a_job_that_stays_is_reported(server: Server, jobs: JobKeeper) -> None:
    client(server, jobs=jobs).configure({})
    server.answers["DELETE /job/7-12"] = Answer(403, {"error": "not yours"})
    assert cleanup.current().run() == [
        "Job 7-12 was not removed: DELETE /job/7-12 answered 403, and the job is still there"
    ]


def test_a_refused_view_registers_nothing(server: Server, jobs: JobKeeper) -> None:
    server.answers["POST /configure"] = Answer(400, {"error": "channels"})
    client(server, jobs=jobs).configure({})
    assert len(cleanup.current()) == 0


def test_the_token_is_sent_and_asked_for_each_time(server: Server) -> None:
    tokens = iter(["one", "two"])
    focus = client(server, token=lambda: next(tokens))
    focus.send("GET", "/ack")
    focus.send("GET", "/ack")
    assert [request.headers["Authorization"] for request in server.requests] == ["Bearer one", "Bearer two"]


def test_every_exchange_is_recorded_without_credentials(server: Server) -> None:
    seen: list[Exchange] = []
    client(server, token=lambda: "top-secret", record=seen.append).configure({"view_type": 0})
    assert (seen[0].method, seen[0].status, seen[0].request_body) == ("POST", 200, '{"view_type": 0}')
    assert seen[0].seconds > 0
    assert "top-secret" not in repr(seen[0])


def test_a_server_that_is_not_there_is_the_benchs_fault() -> None:
    focus = FocusClient(f"http://127.0.0.1:{free_port()}/focus-server", timeout=1)
    with pytest.raises(BenchError, match=r"does not answer GET .*/ack after .*check its pod"):
        focus.send("GET", "/ack")


def exchange(status: int, body: str, content_type: str = "application/json") -> Exchange:
    return Exchange("POST", "http://x/configure", "{}", status, {"Content-Type": content_type}, body, 0.1)


def test_an_answer_that_is_not_json_says_so() -> None:
    with pytest.raises(AssertionError, match="content type 'text/html'"):
        exchange(200, "<html>", "text/html").json()
    with pytest.raises(AssertionError, match="not JSON"):
        exchange(200, "{").json()


@pytest.mark.parametrize(
    ("status", "body", "because"),
    [
        (400, '{"error": "nfftSelection must be a power of 2.", "field": "nfftSelection"}', "power of two"),
        (400, '{"error": "It is above the maximum 4096.", "field": "nfftSelection"}', "4096"),
        (422, '{"detail": [{"loc": ["body", "x"], "msg": "channels: Field required", "type": "missing"}]}', "channels"),
    ],
)
def test_a_clean_refusal(status: int, body: str, because: str) -> None:
    assert refusals.problems(exchange(status, body), status, because) == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('{"error": ""}', "does not say what is wrong"),
        ('{"error": "The channels are the wrong way round."}', "does not speak of 'nfft'"),
        ('["nfft"]', "does not say what is wrong"),
    ],
)
def test_a_bad_refusal(body: str, found: str) -> None:
    assert any(found in problem for problem in refusals.problems(exchange(400, body), 400, "nfft"))
