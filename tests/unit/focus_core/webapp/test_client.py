"""The web app's client against a server on loopback: login, authentication of calls, unexpected answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from focus_core.base.errors import BenchError
from focus_core.site import secrets
from focus_core.webapp import client as webapp_client
from focus_core.webapp.client import WebAppClient
from support.loopback import Answer, Server, free_port, http_server

LOGIN = "POST /prisma/api/auth/login"
PUSH = "POST /prisma/api/site-1/api/push-to-rabbit"
LIST = "GET /prisma/api/site-1/api/alert"
DELETE = "DELETE /prisma/api/site-1/api/alert/delete"
TOKEN, CSRF = "token-of-the-test", "csrf-of-the-test"


@pytest.fixture
def server() -> Iterator[Server]:
    answers = {
        LOGIN: Answer(201, {"access_token": TOKEN, "expires_in": 300}, {"access-token": TOKEN, "csrf-token": CSRF}),
        PUSH: Answer(201, {"ext_id": "a"}),
        LIST: Answer(200, [{"ext_id": "a"}]),
        DELETE: Answer(200, {}),
    }
    with http_server(answers) as running:
        yield running


@pytest.fixture
def client(server: Server) -> WebAppClient:
    return client_of(server.url)


def client_of(url: str) -> WebAppClient:
    return WebAppClient(url=f"{url}/prisma/api", site_id="site-1", username="lane0", password="opensesame", timeout=5)


def test_login_happens_once_and_its_token_is_blanked_in_logs(client: WebAppClient, server: Server) -> None:
    assert client.login().value == TOKEN
    client.push_alert({})
    client.alerts()
    assert [request.target for request in server.requests].count(LOGIN) == 1
    assert secrets.blank(f"{TOKEN} {CSRF}") == f"{secrets.BLANK} {secrets.BLANK}"


def test_a_short_lived_token_is_renewed(client: WebAppClient, server: Server) -> None:
    server.answers[LOGIN] = Answer(201, {"access_token": TOKEN, "expires_in": 1})
    token = client.login()
    assert token.usable
    object.__setattr__(token, "renew_at", 0.0)
    client.login()
    assert [request.target for request in server.requests] == [LOGIN, LOGIN]


def test_clients_share_a_login_where_asked_to(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webapp_client, "shared_tokens", {})
    assert client_of(server.url).login() == client_of(server.url).login()
    assert [request.target for request in server.requests] == [LOGIN]


def test_clients_log_in_each_by_itself(server: Server) -> None:
    client_of(server.url).login()
    client_of(server.url).login()
    assert [request.target for request in server.requests] == [LOGIN, LOGIN]


def test_bearer_calls_send_the_token_and_no_cookie(client: WebAppClient, server: Server) -> None:
    client.push_alert({"dofM": 1})
    assert server.requests[-1].headers["Authorization"] == f"Bearer {TOKEN}"
    assert "Cookie" not in server.requests[-1].headers
    assert server.requests[-1].body == {"dofM": 1}


def test_cookie_calls_send_cookie_and_csrf_token(client: WebAppClient, server: Server) -> None:
    client.push_alert({}, authentication="cookie")
    headers = server.requests[-1].headers
    assert headers["Cookie"] == f"access-token={TOKEN}; csrf-token={CSRF}"
    assert headers["X-CSRF-Token"] == CSRF
    assert "Authorization" not in headers


def test_calls_without_login_send_nothing(client: WebAppClient, server: Server) -> None:
    client.login()
    client.push_alert({}, authentication="none")
    assert not {"Authorization", "Cookie", "X-CSRF-Token"} & server.requests[-1].headers.keys()


def test_the_answer_is_returned_as_it_is(client: WebAppClient, server: Server) -> None:
    server.answers[PUSH] = Answer(400, {"message": "classId 7"})
    answer = client.push_alert({})
    assert (answer.status, answer.body, answer.content_type) == (400, {"message": "classId 7"}, "application/json")


def test_alerts_are_read_from_both_forms_of_the_list(client: WebAppClient, server: Server) -> None:
    assert client.alerts() == [{"ext_id": "a"}]
    server.answers[LIST] = Answer(200, {"alerts": [{"ext_id": "b"}], "alertsCount": 1, "maxPage": 1})
    assert client.alerts() == [{"ext_id": "b"}]


@pytest.mark.parametrize("answer", [Answer(500, []), Answer(200, {"items": []}), Answer(200, "none")])
def test_another_answer_is_no_list(client: WebAppClient, server: Server, answer: Answer) -> None:
    server.answers[LIST] = answer
    with pytest.raises(AssertionError, match="did not list its alerts"):
        client.alerts()


def test_alerts_are_deleted_in_batches_of_a_hundred(client: WebAppClient, server: Server) -> None:
    client.delete_alerts(str(number) for number in range(101))
    sizes = [len(request.body["alertIds"]) for request in server.requests if request.target == DELETE]
    assert sizes == [100, 1]


def test_alerts_that_stay_are_named(client: WebAppClient, server: Server) -> None:
    server.answers[DELETE] = Answer(503, {})
    with pytest.raises(BenchError, match="a-7 were not deleted"):
        client.delete_alerts(["a-7"])


def test_a_refused_login_names_the_user_and_not_the_password(client: WebAppClient, server: Server) -> None:
    server.answers[LOGIN] = Answer(401, {})
    with pytest.raises(BenchError, match="'lane0' \\(401\\)") as failure:
        client.login()
    assert "opensesame" not in str(failure.value)


def test_a_login_without_token_is_a_fault_of_the_product(client: WebAppClient, server: Server) -> None:
    server.answers[LOGIN] = Answer(201, {})
    with pytest.raises(AssertionError, match="without an access token"):
        client.login()


def test_an_address_without_server_is_named() -> None:
    with pytest.raises(BenchError, match=r"webapp\.url"):
        client_of(f"http://127.0.0.1:{free_port()}").login()
