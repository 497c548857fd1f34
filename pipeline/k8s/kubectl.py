"""The cluster of a run, asked through kubectl: it knows every way to log in, and it is in the lock."""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass
from typing import Any

import yaml

from pipeline.errors import RunError

# Seconds for one call of the API.
TIMEOUT_S = 30
_NO_ANSWER = re.compile(
    r"unable to connect|connection refused|connection reset|i/o timeout|timed? ?out|no route to host|no such host"
    r"|TLS handshake|EOF|service unavailable|apiserver not ready",
    re.IGNORECASE,
)
_NOT_FOUND = re.compile(r"\(NotFound\)")


class NoAnswerError(RunError):
    """The API of the cluster does not answer now; it may the next time."""


class NotThereError(RunError):
    """The cluster does not have what was asked for."""


@dataclass(frozen=True)
class Cluster:
    """Where a run's objects are; an empty kubeconfig or context is kubectl's own choice."""

    kubeconfig: str
    context: str
    namespace: str

    def command(self, *args: str) -> list[str]:
        place = {"--kubeconfig": self.kubeconfig, "--context": self.context, "--namespace": self.namespace}
        return ["kubectl", *(word for name, value in place.items() if value for word in (name, value)), *args]

    def ask(self, *args: str, text: str | None = None, timeout: float = TIMEOUT_S) -> str:
        """What kubectl prints. Raises RunError in one sentence, NoAnswerError and NotThereError among them."""
        limit = f"--request-timeout={timeout:g}s"
        try:
            done = subprocess.run(
                self.command(*args, limit),
                input=text,
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                # kubectl asks several times, each within the limit.
                timeout=4 * timeout,
                check=False,
                # Ctrl-C is for the command, which asks what shall happen to the run.
                start_new_session=os.name != "nt",
            )
        except FileNotFoundError:
            raise RunError("There is no kubectl: start this command with 'python run.py', which installs it.") from None
        except subprocess.TimeoutExpired:
            raise NoAnswerError(f"{self} does not answer: check that it runs and can be reached from here.") from None
        if done.returncode:
            raise self.refused(done.stderr, args)
        return done.stdout

    def objects(self, *args: str) -> list[dict[str, Any]]:
        """The objects that `kubectl get` finds."""
        found = json.loads(self.ask("get", *args, "--output=json", "--ignore-not-found") or "{}")
        return list(found["items"]) if "items" in found else [found] if found else []

    def apply(self, objects: list[dict[str, Any]]) -> None:
        """Make these objects, or make them so where they are there."""
        text = yaml.safe_dump_all(objects)
        self.ask("apply", "--server-side", "--force-conflicts", "--field-manager=focus", "--filename=-", text=text)

    def refused(self, complaint: str, args: tuple[str, ...]) -> RunError:
        """What kubectl complains of, as one sentence."""
        lines = [line.strip() for line in complaint.splitlines() if line.strip()]
        words = (lines or ["it gave no reason"])[-1].rstrip(".")
        if _NOT_FOUND.search(words):
            return NotThereError(f"{self} does not have what was asked for ({words}): check --context and --namespace.")
        if _NO_ANSWER.search(words):
            return NoAnswerError(f"{self} does not answer ({words}): check that it runs and can be reached from here.")
        return RunError(
            f"{self} refused 'kubectl {args[0]}' ({words}): check --context and --namespace, and that your user has "
            "the rights of deploy/base/runner-role.yaml."
        )

    def __str__(self) -> str:
        return f"The cluster of context {self.context}" if self.context else "The cluster"
