"""A message when the verdict changes: to a webhook, to Slack or by e-mail, as the environment of the job chooses."""

from __future__ import annotations

import smtplib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import requests

from pipeline.ci.gates import Judged
from pipeline.ci.owners import Owners
from pipeline.errors import RunError
from pipeline.results.model import Run, TestResult

WEBHOOK = "FOCUS_NOTIFY_WEBHOOK"
SLACK = "FOCUS_NOTIFY_SLACK"
EMAIL = "FOCUS_NOTIFY_EMAIL"
SMTP = "FOCUS_SMTP_SERVER"
SMTP_USER = "FOCUS_SMTP_USER"
SMTP_PASSWORD = "FOCUS_SMTP_PASSWORD"  # noqa: S105 - the name of a variable
WAIT_S = 20.0
NEW_FAILURES = 30
_CONTROL = dict.fromkeys((*range(32), 127), " ")


class _NoServerError(ValueError):
    """The server for e-mail is not written as it has to be; its text holds no value of a variable."""


@dataclass(frozen=True)
class Message:
    """`data` is the same for programs."""

    subject: str
    text: str
    data: Mapping[str, Any]


def verdict(judged: Sequence[Judged]) -> str:
    return "green" if all(one.green for one in judged) else "red"


def message(
    run: Run,
    judged: Sequence[Judged],
    before: str,
    new: Sequence[TestResult],
    owners: Owners,
    links: Mapping[str, str],
) -> Message | None:
    """What to send, or None while nothing has changed. `before` is the earlier verdict, "" where there is none.

    A first verdict that is green is no news.
    """
    now = verdict(judged)
    if now == (before or "green"):
        return None
    was = f" (was {before})" if before else ""
    failures = f": {len(new)} new failures" if now == "red" and new else ""
    subject = f"{run.stamp.title} is {now}{was}{failures}"
    lines = [f"{one.gate}: {one.sentence}" for one in judged if not one.green]
    lines += [f"- {test.long_name} ({owners.of(test.area)}): {test.reason}" for test in new[:NEW_FAILURES]]
    if len(new) > NEW_FAILURES:
        lines.append(f"... and {len(new) - NEW_FAILURES} more")
    lines += [f"run {run.stamp.run_id}, commit {run.commit}", *(f"{name}: {to}" for name, to in links.items())]
    data = {
        "verdict": now,
        "before": before,
        "run_id": run.stamp.run_id,
        "site": run.site,
        "commit": run.commit,
        "red_gates": [one.gate for one in judged if not one.green],
        "new_failures": [{"test": test.id, "owner": owners.of(test.area), "reason": test.reason} for test in new],
        "links": dict(links),
    }
    return Message(_line(subject), "\n".join(map(_line, lines)), data)


def send(message: Message, environment: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Send to all that the environment names; returns which took it, and a sentence for each that did not.

    Addresses of webhooks are secrets: only their variables are named.
    """
    ways = {WEBHOOK: _to_webhook, SLACK: _to_slack, EMAIL: _by_email}
    chosen = [name for name in ways if environment.get(name)]
    if not chosen:
        raise RunError(f"Nobody is to be notified: set {WEBHOOK}, {SLACK} or {EMAIL}, or leave this step out.")
    sent, failed = [], []
    for name in chosen:
        try:
            ways[name](message, environment)
            sent.append(name)
        except (requests.RequestException, smtplib.SMTPException, OSError, ValueError) as error:
            variables = f"variables {EMAIL} and {SMTP}" if name == EMAIL else f"variable {name}"
            failed.append(f"The message was not taken ({_reason(error)}): check the {variables} of this job.")
    return sent, failed


def _reason(error: Exception) -> str:
    """Why, without the address, which other texts of an error hold."""
    if isinstance(error, _NoServerError):
        return str(error)
    status = getattr(getattr(error, "response", None), "status_code", None)
    return f"HTTP {status}" if status else type(error).__name__


def _to_webhook(message: Message, environment: Mapping[str, str]) -> None:
    body = {"subject": message.subject, "text": message.text, **message.data}
    requests.post(environment[WEBHOOK], json=body, timeout=WAIT_S).raise_for_status()


def _to_slack(message: Message, environment: Mapping[str, str]) -> None:
    text = f"{message.subject}\n{message.text}"
    # These three are all that Slack reads as its own, mentions among them.
    for mark, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(mark, name)
    requests.post(environment[SLACK], json={"text": text}, timeout=WAIT_S).raise_for_status()


def _by_email(message: Message, environment: Mapping[str, str]) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["To"] = message.subject, environment[EMAIL]
    mail["From"] = environment.get(SMTP_USER) or environment[EMAIL].partition(",")[0]
    mail.set_content(message.text)
    host, _, port = environment.get(SMTP, "localhost").partition(":")
    if not (port or "25").isdecimal():
        raise _NoServerError(f"{SMTP} is no host:port")
    with smtplib.SMTP(host, int(port or 25), timeout=WAIT_S) as server:
        if environment.get(SMTP_PASSWORD):
            server.starttls()
            server.login(environment.get(SMTP_USER, ""), environment[SMTP_PASSWORD])
        server.send_message(mail)


def _line(text: str) -> str:
    return text.translate(_CONTROL)
