"""What RabbitMQ's management API reports of a broker: exchanges, queues, bindings, connections, nodes."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote

from focus_core.base.errors import BenchError
from focus_core.base.http_session import HttpAnswer, HttpSession, NoAnswerError
from focus_core.base.quantities import Seconds
from focus_core.site import secrets

OK, NO_CONTENT, UNAUTHORIZED, NOT_FOUND = 200, 204, 401, 404
_LIMITS = ("x-max-length", "x-max-length-bytes")


@dataclass(frozen=True)
class BrokerExchange:
    """An exchange of the broker.

    - ``name``: as the broker calls it, empty for its default exchange
    - ``type``: topic, direct, fanout or headers
    - ``durable``: whether it outlives a restart of the broker
    - ``auto_delete``: whether it goes with its last queue
    """

    name: str
    type: str
    durable: bool
    auto_delete: bool

    def __str__(self) -> str:
        return f"{'durable' if self.durable else 'transient'} {self.type} exchange '{self.name}'"


@dataclass(frozen=True)
class Queue:
    """A queue of the broker.

    Its numbers are as old as the broker's statistics, up to six seconds. `Get Queues` counts ``ready`` and
    ``consumers`` now, `Get Queue Field` waits until the others are fresh.

    - ``name``: as the broker calls it
    - ``durable``: whether it outlives a restart of the broker
    - ``auto_delete``: whether it goes with its last consumer
    - ``exclusive``: whether only the connection that made it can use it
    - ``arguments``: what it was made with, as ``x-max-length``, an object
    - ``consumers``: how many consume it
    - ``ready``: messages that wait in it
    - ``unacknowledged``: messages that were given to a consumer, who has not acknowledged them
    - ``messages``: all that it holds, ready or unacknowledged
    - ``limited``: whether it was made with a length or size that it cannot grow beyond
    """

    name: str
    durable: bool
    auto_delete: bool = False
    exclusive: bool = False
    arguments: Mapping[str, Any] = field(default_factory=dict)
    consumers: int = 0
    ready: int = 0
    unacknowledged: int = 0

    @property
    def messages(self) -> int:
        """All that it holds."""
        return self.ready + self.unacknowledged

    @property
    def limited(self) -> bool:
        """Whether it cannot grow for ever, whatever happens to its consumer."""
        return any(limit in self.arguments for limit in _LIMITS)

    def __str__(self) -> str:
        return (
            f"{'durable' if self.durable else 'transient'} queue '{self.name}' ({self.ready} ready, "
            f"{self.unacknowledged} unacknowledged, {self.consumers} consumers)"
        )


@dataclass(frozen=True)
class Binding:
    """A queue gets messages of an exchange.

    - ``queue``: its name
    - ``routing_key``: of which messages; ``*`` stands for one word, ``#`` for any
    """

    queue: str
    routing_key: str

    def __str__(self) -> str:
        return f"{self.queue} <- {self.routing_key or 'no key'}"


@dataclass(frozen=True)
class Connection:
    """A client's connection to the broker.

    - ``name``: as the broker calls it, with the addresses of both ends
    - ``client``: the name that the client gave itself
    - ``user``: whose login it is
    - ``heartbeat``: after how long silence both sides ask each other, in seconds; 0: never
    """

    name: str
    client: str
    user: str
    heartbeat: Seconds

    def __str__(self) -> str:
        return f"{self.client or 'a client'} of user '{self.user}' ({self.name})"


@dataclass(frozen=True)
class Node:
    """A node of the broker, and what it has raised an alarm for."""

    name: str
    running: bool
    alarms: tuple[str, ...]


@dataclass(frozen=True)
class BrokerState:
    """The broker as a whole.

    - ``version``: as 4.1.0
    - ``running``: names of the nodes that run
    - ``stopped``: names of the nodes that do not
    - ``alarms``: what it is short of, as ``mem_alarm of rabbit@node``; with an alarm it takes no message
    """

    version: str
    running: tuple[str, ...]
    stopped: tuple[str, ...]
    alarms: tuple[str, ...]

    def __str__(self) -> str:
        return f"RabbitMQ {self.version} with {len(self.running)} running nodes"


class ManagementApi:
    """The management API of one broker. Nothing is asked before the first question; facts are never kept."""

    def __init__(
        self,
        *,
        url: str,
        vhost: str,
        username: str,
        password: str,
        verify: bool | str,
        timeout: float,
        proxy: str | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self._vhost = quote(vhost, safe="")
        self._vhost_in_words = vhost
        self._username = username
        self._verify = verify
        self._timeout = timeout
        self._proxy = proxy
        self._login = {"Authorization": f"Basic {b64encode(f'{username}:{password}'.encode()).decode()}"}

    def exchange(self, name: str) -> BrokerExchange:
        """Type and durability of an exchange; a missing one raises AssertionError."""
        found = self._get(f"exchanges/{self._vhost}/{_exchange_in_path(name)}")
        if found is None:
            raise AssertionError(f"RabbitMQ has no exchange '{name}' in vhost '{self._vhost_in_words}'.")
        return BrokerExchange(found["name"], found["type"], found["durable"], found["auto_delete"])

    def exchanges(self) -> list[BrokerExchange]:
        """All exchanges of the vhost, the default one without a name too."""
        return [
            BrokerExchange(entry["name"], entry["type"], entry["durable"], entry["auto_delete"])
            for entry in self._get(f"exchanges/{self._vhost}") or []
        ]

    def queues(self) -> list[Queue]:
        """All queues of the vhost."""
        return [_queue(entry) for entry in self._get(f"queues/{self._vhost}") or []]

    def bindings(self, exchange: str) -> list[Binding]:
        """Queues bound to an exchange."""
        found = self._get(f"exchanges/{self._vhost}/{_exchange_in_path(exchange)}/bindings/source") or []
        return [
            Binding(entry["destination"], entry["routing_key"])
            for entry in found
            if entry["destination_type"] == "queue"
        ]

    def connections(self) -> list[Connection]:
        """All connections that are open; one that was opened just now may be missing."""
        return [
            Connection(
                entry["name"],
                entry.get("client_properties", {}).get("connection_name", ""),
                entry.get("user", ""),
                Seconds(entry["timeout"]),
            )
            for entry in self._get("connections") or []
            # Of one that has just been opened or closed the broker knows the name only.
            if "timeout" in entry
        ]

    def consumers_of(self, queue: str) -> set[str]:
        """Names of the connections on which a queue is consumed."""
        found = self._get(f"queues/{self._vhost}/{quote(queue, safe='')}") or {}
        details = [entry.get("channel_details") or {} for entry in found.get("consumer_details", [])]
        return {entry["connection_name"] for entry in details if "connection_name" in entry}

    def close_connection(self, name: str, reason: str) -> None:
        """Makes the broker end a connection; one that is gone already is fine."""
        headers = {**self._login, "X-Reason": reason}
        answer = self._send("DELETE", f"connections/{quote(name, safe='')}", headers)
        if answer.status not in (NO_CONTENT, NOT_FOUND):
            raise BenchError(
                f"RabbitMQ does not let '{self._username}' end connection '{name}' ({answer.status}); give it the tag "
                "administrator."
            )

    def nodes(self) -> list[Node]:
        """The nodes of the broker with their alarms."""
        return [
            Node(
                entry["name"],
                bool(entry.get("running")),
                tuple(what for what in ("mem_alarm", "disk_free_alarm") if entry.get(what)),
            )
            for entry in self._get("nodes") or []
        ]

    def version(self) -> str:
        """The broker's version. Raises BenchError when the API is not there at all."""
        found = self._get("overview")
        if found is None:
            raise BenchError(f"There is no management API at {self.url}; correct rabbitmq.management_url.")
        return str(found.get("rabbitmq_version"))

    def status_for(self, username: str | None, password: str = "") -> int:
        """The status with which the API answers another user, or one who does not log in (None)."""
        login = b64encode(f"{username}:{password}".encode()).decode()
        headers = {} if username is None else {"Authorization": f"Basic {login}"}
        return self._send("GET", "overview", headers).status

    @cached_property
    def _session(self) -> HttpSession:
        return HttpSession(f"{self.url}/api", timeout=self._timeout, verify=self._verify, proxy=self._proxy)

    def _get(self, path: str) -> Any:
        answer = self._send("GET", path, self._login)
        if answer.status == NOT_FOUND:
            return None
        if answer.status == UNAUTHORIZED:
            raise BenchError(
                f"RabbitMQ's management API at {self.url} does not let '{self._username}' in ({answer.status}); "
                "correct rabbitmq.username and password of the site file, or give the user the tag monitoring."
            )
        if answer.status != OK:
            raise BenchError(
                f"RabbitMQ's management API refused {self.url}/api/{path} ({answer.status}); give '{self._username}' "
                "the right to read it or correct rabbitmq.username of the site file."
            )
        try:
            return json.loads(answer.content)
        except ValueError:
            raise BenchError(
                f"{self.url}/api/{path} is no management API of RabbitMQ (its answer is no JSON); correct "
                "rabbitmq.management_url of the site file."
            ) from None

    def _send(self, method: str, path: str, headers: Mapping[str, str]) -> HttpAnswer:
        try:
            answer = self._session.send(method, f"/{path}", headers=headers)
        except NoAnswerError as error:
            raise BenchError(
                f"RabbitMQ's management API does not answer {self.url}/api/{path} ({error}); check that it runs and "
                "that rabbitmq.management_url of the site file is right."
            ) from error
        where = f"The answer to {method} {self.url}/api/{path} (answered {answer.status})"
        secrets.note_leaks(where, f"{answer.headers}\n{answer.text}")
        return answer


def _queue(entry: Mapping[str, Any]) -> Queue:
    return Queue(
        name=entry["name"],
        durable=entry["durable"],
        auto_delete=bool(entry.get("auto_delete")),
        exclusive=bool(entry.get("exclusive")),
        arguments=dict(entry.get("arguments") or {}),
        consumers=entry.get("consumers", 0),
        ready=entry.get("messages_ready", 0),
        unacknowledged=entry.get("messages_unacknowledged", 0),
    )


def _exchange_in_path(name: str) -> str:
    """The default exchange has no name; the management API knows it by one all the same."""
    return quote(name or "amq.default", safe="")
