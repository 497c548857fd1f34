"""The requests of a bundle, as curl and with what was answered."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from focus_core.run import curl

# Characters of an answer that are shown at each end.
_END = 600
# What the calls of each door are called.
DOORS = {
    "http": "HTTP requests",
    "grpc": "streams",
    "kubernetes": "requests to Kubernetes",
    "exec": "commands in pods",
    "mongodb": "questions to MongoDB",
    "amqp": "AMQP calls",
    "ssh": "commands on the node",
    "probe": "probes",
}


@dataclass(frozen=True)
class Request:
    """One HTTP request of the test; `command` is for a shell, `answer` its status and body in short."""

    name: str
    command: str
    answer: str


def of(calls: list[dict[str, Any]]) -> list[Request]:
    """The HTTP requests in their order, each of those that are alike in all once."""
    found: dict[tuple[str, str], Request] = {}
    for call in calls:
        if call["door"] == "http":
            request = _request(call)
            found.setdefault((request.command, request.answer), request)
    return list(found.values())


def _request(call: dict[str, Any]) -> Request:
    method, _, url = call["request"].partition(" ")
    detail = call["detail"]
    return Request(call["request"], curl.command(method, url, detail["headers"], detail["body"]), _answer(call))


def _answer(call: dict[str, Any]) -> str:
    took = f"in {call['seconds']:.3f} s"
    if "error" in call:
        return f"no answer {took}: {call['error']['text']}"
    if "answer" not in call:
        return f"answered {took}; the answer was too large to be kept"
    answer = call["answer"]
    return f"{answer['status']} {took}\n{shortened(_readable(answer.get('text', '(no text)')), _END)}".strip()


def _readable(text: str) -> str:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return text


def shortened(text: str, end: int) -> str:
    """Beginning and end of a text that is longer than both, with a mark between them."""
    if len(text) <= 2 * end:
        return text
    return f"{text[:end]}\n... {len(text) - 2 * end} characters are left out ...\n{text[-end:]}"


def counted(calls: list[dict[str, Any]]) -> list[str]:
    """How many calls went to each interface, and how many frames and messages came."""
    lines = []
    for door, name in DOORS.items():
        own = [call for call in calls if call["door"] == door]
        if own:
            lines.append(f"{len(own)} {name}{_frames(own) if door == 'grpc' else ''}")
    return lines


def _frames(readings: list[dict[str, Any]]) -> str:
    answers = [call["answer"] for call in readings if "answer" in call]
    frames = sum(len(answer["frames"]) + answer["frames_left_out"] for answer in answers)
    ends = sorted({answer["ended_by"] or ("ended" if answer["finished"] else "left") for answer in answers})
    return f" with {frames} frames ({', '.join(ends)})"
