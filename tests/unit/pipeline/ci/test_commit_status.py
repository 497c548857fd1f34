"""The verdict on the product's own commit."""

from collections.abc import Iterator

import pytest
from support.loopback import Answer, Server, free_port, http_server

from pipeline.ci import commit_status
from pipeline.errors import RunError

COMMIT = "0123456789abcdef0123456789abcdef01234567"
TARGET = f"POST /repos/team/focus-server/statuses/{COMMIT}"


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with http_server({TARGET: Answer(201, {"id": 1})}) as server:
        given = {
            "GITHUB_API_URL": server.url,
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "team/focus-acceptance",
            "GITHUB_RUN_ID": "77",
            commit_status.REPOSITORY: "team/focus-server",
            commit_status.COMMIT: COMMIT,
            commit_status.TOKEN: "a-token-of-a-test",
        }
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        yield server


def test_the_commit_gets_the_verdict_and_the_way_to_it(github: Server) -> None:
    assert commit_status.put("failure") == "team/focus-server 0123456789ab: failure, the acceptance tests failed"
    (request,) = github.requests
    assert request.body == {
        "state": "failure",
        "description": "the acceptance tests failed",
        "context": "focus-acceptance",
        "target_url": "https://github.com/team/focus-acceptance/actions/runs/77",
    }


@pytest.mark.parametrize(
    ("result", "state"),
    [("success", "success"), ("failure", "failure"), ("cancelled", "error"), ("skipped", "error")],
)
def test_each_result_of_a_job_is_a_state(github: Server, result: str, state: str) -> None:
    commit_status.put(result)
    assert [request.body["state"] for request in github.requests] == [state]


def test_a_refusal_names_what_to_check_and_no_token(github: Server) -> None:
    github.answers[TARGET] = Answer(403, {"message": "Resource not accessible"})
    with pytest.raises(RunError, match="GitHub answered 403 to the status of team/focus-server: check") as caught:
        commit_status.put("success")
    assert "a-token-of-a-test" not in str(caught.value)


@pytest.mark.usefixtures("github")
def test_github_that_is_away_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_API_URL", f"http://127.0.0.1:{free_port()}")
    with pytest.raises(RunError, match="GitHub cannot be reached"):
        commit_status.put("success")


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        (commit_status.COMMIT, "main", "is not valid: set it to 40 hex digits"),
        (commit_status.REPOSITORY, "team/focus/../other", "is not valid: set it to owner/name"),
        (commit_status.TOKEN, "", "is not set"),
    ],
)
def test_what_was_not_given_is_named(
    github: Server, monkeypatch: pytest.MonkeyPatch, name: str, text: str, reason: str
) -> None:
    monkeypatch.setenv(name, text)
    with pytest.raises(RunError, match=f"{name} {reason}"):
        commit_status.put("success")
    assert github.requests == []
