"""An old project's ``environments.yaml`` and ``usersettings.*.json`` as the content of a site file.

Which keys an environment has: site contract, section 11. Nothing secret is taken over: where the old file holds a
password, the site file refers to a variable of the environment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from focus_core.base import yaml_files

from pipeline.errors import RunError
from pipeline.site_file.draft import SSH_PORT, Draft, secret

# Sections that say how the old project ran its tests, and nothing of the site.
_NOT_OF_THE_SITE = {"features", "saved_data", "test_data", "services", "logging", "grpc", "name", "description"}
# Beside the environments themselves.
_GLOBAL = {"test_configurations", "default", "default_environment", "environments"}


@dataclass
class Old:
    """One environment of an old project; `left` collects the keys that nothing reads."""

    name: str
    content: dict[str, Any]
    left: list[str] = field(default_factory=list)

    def section(self, name: str, known: tuple[str, ...]) -> dict[str, Any]:
        """A section that may be missing. Keys that are not `known` are noted; a section that is no mapping too."""
        found = self.content.get(name)
        if not isinstance(found, dict):
            if found not in (None, ""):
                self.left.append(name)
            return {}
        self.left += [f"{name}.{key}" for key in found if key not in known]
        return found


def read(path: Path, environment: str) -> Old:
    """An environment of the file. Raises RunError that names those there are."""
    path = path / "environments.yaml" if path.is_dir() else path
    try:
        content = yaml_files.read(path)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise RunError(f"{path} cannot be read ({' '.join(str(error).split())}): name an environments.yaml.") from None
    found = content.get("environments", content) if isinstance(content, dict) else None
    known = {
        str(name): entry
        for name, entry in (found.items() if isinstance(found, dict) else ())
        if isinstance(entry, dict) and name not in _GLOBAL
    }
    if environment not in known:
        raise RunError(
            f"{path.name} has no environment '{environment}': choose one of {', '.join(sorted(known)) or 'none'} "
            "with --environment."
        )
    return Old(environment, known[environment])


def draft(old: Old) -> Draft:
    """The site file that the environment amounts to, with a sentence for whatever was not taken over."""
    made = Draft(old.name)
    _servers(old, made)
    _mongodb(old, made)
    _rabbitmq(old, made)
    _cluster(old, made)
    _limits(old, made)
    handled = {"focus_server", "mongodb", "rabbitmq", "kubernetes", "ssh", "constraints", "nfft", "defaults"}
    unknown = [name for name in old.content if name not in handled | _NOT_OF_THE_SITE]
    if left := sorted({*old.left, *unknown}):
        made.notes.append(f"Not taken over, since a site file has no place for it: {', '.join(left)}.")
    return made


def _servers(old: Old, made: Draft) -> None:
    known = (
        "base_url",
        "api_prefix",
        "frontend_url",
        "frontend_api_url",
        "site_id",
        "ssl",
        "verify_ssl",
        "port_forward",
    )
    server = old.section("focus_server", known)
    if not server.get("base_url"):
        raise RunError(f"Environment '{old.name}' has no focus_server.base_url: give it with --server.")
    url = str(server["base_url"]).rstrip("/")
    prefix = str(server.get("api_prefix") or "").strip("/")
    if prefix and not urlsplit(url).path.strip("/"):
        url = f"{url}/{prefix}"
    made.content["focus"] = {"url": url}
    webapp = {"url": _text(server, "frontend_api_url"), "site_id": _text(server, "site_id")}
    if any(webapp.values()):
        address = urlsplit(url)
        webapp["url"] = (webapp["url"] or f"{address.scheme}://{address.netloc}/prisma/api").rstrip("/")
        made.content["webapp"] = {key: value for key, value in webapp.items() if value}
    if page := _text(server, "frontend_url"):
        address = urlsplit(page)
        made.content["ui"] = {"url": f"{address.scheme}://{address.netloc}"}
    if server.get("verify_ssl") is False:
        made.notes.append(
            "The old project did not check the certificate; here that is always done: set tls.ca_file to the site's CA."
        )
    if isinstance(server.get("port_forward"), dict) and server["port_forward"].get("enabled"):
        made.notes.append("The old project forwarded a port to the server; base_url is taken as it stands: check it.")


def _mongodb(old: Old, made: Draft) -> None:
    known = ("host", "port", "username", "password", "database", "auth_source", "connection_string", "timeout")
    found = old.section("mongodb", known)
    if not found.get("host"):
        return
    made.content["mongodb"] = _present(found, host="host", port="port", database="database", username="username")
    if found.get("username"):
        made.content["mongodb"]["password"] = secret(made, "MONGODB")
        made.content["mongodb"] |= _present(found, auth_source="auth_source")


def _rabbitmq(old: Old, made: Draft) -> None:
    known = ("host", "port", "ssl_port", "management_port", "username", "password", "vhost", "exchange",
             "prometheus_port", "erlang_port", "inter_node_port")  # fmt: skip
    found = old.section("rabbitmq", known)
    if not found.get("host"):
        return
    section = _present(found, host="host", port="port", tls_port="ssl_port", vhost="vhost", exchange="exchange")
    if found.get("management_port"):
        section["management_url"] = f"http://{found['host']}:{found['management_port']}"
    if not found.get("username"):
        made.notes.append("The old file names no user of RabbitMQ; rabbitmq.username is 'prisma' now: correct it.")
    made.content["rabbitmq"] = section | {
        "username": found.get("username") or "prisma",
        "password": secret(made, "RABBITMQ"),
    }


def _cluster(old: Old, made: Draft) -> None:
    found = old.section(
        "kubernetes", ("api_server", "context", "namespace", "access_method", "ssh_gateway", "k9s", "services")
    )
    ssh = old.section("ssh", ("jump_host", "target_host", "username", "port", "password", "key_file"))
    target = _host(ssh.get("target_host") or found.get("ssh_gateway"))
    if target.get("host"):
        user = target.get("username") or ssh.get("username")
        if not user:
            made.notes.append("The old file names no user of the SSH node; node.username is 'prisma' now: correct it.")
        made.content["node"] = {"host": target["host"], "port": target.get("port") or SSH_PORT,
                                "username": user or "prisma", "password": secret(made, "NODE")}  # fmt: skip
    if ssh.get("jump_host"):
        made.notes.append("The old project reached the node through a jump host; a site file names the node itself.")
    if not found:
        return
    over_ssh = "ssh" in str(found.get("access_method", "")) and "node" in made.content
    cluster = _present(found, namespace="namespace")
    if over_ssh:
        cluster |= {"access": "kubectl_over_ssh"}
    else:
        cluster |= {"kubeconfig": "~/.kube/config", "context": found.get("context") or "panda-cluster"}
    made.content["kubernetes"] = cluster
    _workloads(found.get("services"), made)


def _workloads(services: Any, made: Draft) -> None:
    """Which pods are whose. The old file has no kind of a workload: the product's own is kept."""
    names = {"focus_server", "mongodb", "rabbitmq", "webapp", "segy_recorder"}
    for service, entry in services.items() if isinstance(services, dict) else ():
        selector = entry.get("pod_selector") if isinstance(entry, dict) else None
        key = str(service).replace("-", "_")
        if key in names and selector and entry.get("name"):
            kind = "StatefulSet" if key == "rabbitmq" else "Deployment"
            made.content.setdefault("workloads", {})[key] = {"kind": kind, "name": entry["name"], "selector": selector}
        elif selector or entry:
            made.notes.append(f"Service '{service}' of the old file was not taken over: see 'workloads' in the docs.")


def _limits(old: Old, made: Draft) -> None:
    constraints = old.content.get("constraints")
    limits: dict[str, Any] = {}
    if isinstance(constraints, dict):
        limits["frequency_max_hz"] = _number(constraints.get("frequency"), "max", "max_hz")
        limits["highest_channel"] = _number(constraints.get("sensors"), "max", "range", "total_range")
        limits["max_windows"] = _number(constraints.get("windows"), "max", "max_windows")
    values = old.content.get("nfft")
    if isinstance(values, dict) and isinstance(values.get("valid_values"), list):
        limits["nfft_single"] = values["valid_values"]
    if limits := {key: value for key, value in limits.items() if value is not None}:
        made.content["limits"] = limits


def _number(found: Any, *keys: str) -> int | float | None:
    """A number that stands there itself or under one of the keys."""
    candidates = [found, *(found.get(key) for key in keys)] if isinstance(found, dict) else [found]
    return next((one for one in candidates if isinstance(one, int | float) and not isinstance(one, bool)), None)


def _host(found: Any) -> Mapping[str, Any]:
    """A host that is written as a text or as a mapping."""
    return found if isinstance(found, dict) else {"host": found} if isinstance(found, str) else {}


def _present(found: Mapping[str, Any], **names: str) -> dict[str, Any]:
    """The values that are there, under the names of a site file."""
    return {new: found[old] for new, old in names.items() if found.get(old) not in (None, "")}


def _text(found: Mapping[str, Any], key: str) -> str:
    return str(found.get(key) or "")
