"""A site file that is being made: its content, and what whoever made it has to know."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from focus_core.base.errors import BenchError
from focus_core.site import loader as site_loader
from focus_core.site import validation

from pipeline import console
from pipeline.errors import RunError

SSH_PORT = 22
# A name and a password before the host of an address, the last @ of which ends them.
_LOGIN = re.compile(r"(?<=://)[^/?#\s]*@")
HEAD = """\
# Made by 'python run.py site-file new'. Every key that is left out has the product's value:
# 'python run.py site-file explain {name}' shows all with their meaning. Nothing secret stands here.
"""


@dataclass
class Draft:
    """`variables` are those of the environment that the file takes secrets from."""

    name: str
    content: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    variables: list[str] = field(default_factory=list)

    def text(self) -> str:
        """The file: the name first, the policy that forbids everything last."""
        whole = {"name": self.name, **self.content}
        whole.setdefault("policy", {"disruption": False, "load": "none", "max_pods": 0})
        return HEAD.format(name=self.name) + yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=120)


def secret(draft: Draft, what: str) -> dict[str, str]:
    """The reference to a secret in the environment, named after site and service."""
    site = re.sub(r"[^A-Z0-9]+", "_", draft.name.upper()).strip("_") or "SITE"
    variable = f"{site}_{what}_PASSWORD"
    draft.variables.append(variable)
    return {"env": variable}


def add_user(draft: Draft, username: str) -> None:
    draft.content["users"] = [{"username": username, "password": secret(draft, "USER"), "role": "admin"}]


def write(draft: Draft, path: Path, settings: Path | None = None) -> None:
    """Write a file that is valid, and the client's settings beside it; RunError for one that is not valid."""
    draft.content = {key: _without_logins(draft, key, value) for key, value in draft.content.items()}
    text = draft.text()
    with tempfile.TemporaryDirectory(prefix="focus-site-file-") as folder:
        trial = Path(folder) / "site.yaml"
        trial.write_text(text, encoding="utf-8")
        if settings:
            shutil.copyfile(settings, trial.with_name(settings.name))
        try:
            validation.validate(trial)
        except BenchError as error:
            problem = str(error).partition(f"{trial}: ")[2] or str(error)
            raise RunError(f"No file was written, since it would not be valid: {problem}") from None
    path.parent.mkdir(parents=True, exist_ok=True)
    if settings:
        _copy(settings, path.with_name(settings.name))
    with path.open("x", encoding="utf-8") as file:
        file.write(text)


def _without_logins(draft: Draft, key: str, value: Any) -> Any:
    """The value of a key without the login of an address, which would be a secret in the file; RunError for a host that
    is none."""
    if isinstance(value, dict):
        return {name: _without_logins(draft, f"{key}.{name}", content) for name, content in value.items()}
    if not isinstance(value, str):
        return value
    if key.endswith(".host") and re.search(r"[/@\s]", value):
        raise RunError(f"No file was written: '{key}' is a host alone, without scheme, login and path; give only that.")
    plain = _LOGIN.sub("", value)
    if plain != value:
        draft.notes.append(
            f"The login in '{key}' is left out: a site file holds no secrets, 'users' names who logs in."
        )
    return plain


def _copy(settings: Path, target: Path) -> None:
    if not target.exists():
        shutil.copyfile(settings, target)
    elif target.read_bytes() != settings.read_bytes():
        raise RunError(f"There is already another {target}: rename the client's settings, or remove it.")


def path_of(name: str, into: str | None) -> Path:
    """Where the file of a new site goes: a folder or file that was named, else beside the others."""
    if not re.fullmatch(r"\w[\w.-]*", name):
        raise RunError(f"A site is named by letters, digits, '.', '-' and '_', not '{name}'.")
    if into is None:
        return site_loader.SITES / f"{name}.yaml"
    path = Path(into)
    return path if path.suffix in (".yaml", ".yml") else path / f"{name}.yaml"


def ask(question: str, default: str = "") -> str:
    """The answer of whoever sits at the terminal; the default for an empty one."""
    console.say(f"{question}{f' [{default}]' if default else ''}:")
    return sys.stdin.readline().strip() or default


def of_answers(name: str, answers: Callable[[str, str, str], str]) -> Draft:
    """A file from `answers(key, question, default)`, an empty one of which leaves the section out."""
    draft = Draft(name)
    url = answers("server", "Address of the Focus Server, such as https://10.0.0.1/focus-server", "")
    if not url:
        raise RunError("A site needs the address of its server: give it with --server.")
    draft.content["focus"] = {"url": url}
    if ca_file := answers("ca_file", "CA file, where the system does not trust the site's certificate", ""):
        draft.content["tls"] = {"ca_file": ca_file}
    add_user(draft, answers("user", "User of the web app", "automation"))
    host = urlsplit(url).hostname or ""
    if mongodb := answers("mongodb", f"Host of MongoDB, or nothing (the server is {host})", ""):
        draft.content["mongodb"] = {"host": mongodb, "username": "prisma", "password": secret(draft, "MONGODB")}
    if rabbitmq := answers("rabbitmq", "Host of RabbitMQ, or nothing", ""):
        draft.content["rabbitmq"] = {"host": rabbitmq, "username": "prisma", "password": secret(draft, "RABBITMQ")}
    if context := answers("context", "Context of the cluster in ~/.kube/config, or nothing", ""):
        draft.content["kubernetes"] = {"kubeconfig": "~/.kube/config", "context": context}
    return draft
