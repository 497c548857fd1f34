"""variables/xray.yaml, and the credentials, which come from the environment only."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

import yaml
from focus_core.site import secrets, state
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.errors import RunError
from pipeline.paths import ROOT
from pipeline.results.model import Verdict

FILE = ROOT / "variables" / "xray.yaml"
FILE_VARIABLE = "FOCUS_XRAY_SETTINGS"
# What the form of a CI service asks for: another plan, or an execution that is there already.
ASKED = {"plan": "FOCUS_XRAY_PLAN", "execution": "FOCUS_XRAY_EXECUTION"}
CREDENTIALS = ("XRAY_CLIENT_ID", "XRAY_CLIENT_SECRET")
JIRA_CREDENTIALS = ("JIRA_USER", "JIRA_API_TOKEN")
LOOPBACK = ("127.0.0.1", "::1", "localhost")
_KEY = r"^[A-Z][A-Z0-9]*-\d+$"
Key = Annotated[str, Field(pattern=_KEY)]
Count = Annotated[int, Field(gt=0, strict=True)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _check_address(name: str, url: str) -> None:
    address = urlsplit(url)
    if address.scheme != "https" and not (address.scheme == "http" and address.hostname in LOOPBACK):
        raise ValueError(f"{name} has to begin with https:// (http:// only to this machine)")
    if address.username or address.password:
        raise ValueError(f"{name} holds a user or password, which belong into the environment")


class EvidenceLimits(_Model):
    """Sizes in KB (1024 bytes) of one file, in MB of all files of a run."""

    text_kb: Count
    picture_kb: Count
    inline_kb: Count
    files_of_a_test: Count
    run_mb: Count


class Settings(_Model):
    """What variables/xray.yaml holds.

    `revision_field`: the custom field of an execution's revision, which gets the tag of the product's image.
    `jira_url`: the address of Jira itself, for tickets; results need none.
    `execution`: results go there instead of into a new one; it is asked for, and stands in no file.
    """

    url: str
    jira_url: str | None = None
    project: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]*$")]
    plan: Key
    execution: Key | None = None
    revision_field: Annotated[str, Field(pattern=r"^customfield_\d+$")] | None = None
    environments: dict[str, str]
    statuses: list[str]
    verdicts: dict[Verdict, str]
    evidence: EvidenceLimits
    requests: Count

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        _check_address("url", self.url)
        if self.jira_url is not None:
            _check_address("jira_url", self.jira_url)
        missing = [verdict.value for verdict in Verdict if verdict not in self.verdicts]
        if missing:
            raise ValueError(f"verdicts has no status for '{missing[0]}'")
        self.check_statuses(self.statuses, "statuses")
        return self

    def check_statuses(self, known: list[str], where: str) -> None:
        """Raises ValueError for a status that results would get and `known` has not."""
        for verdict, status in self.verdicts.items():
            if status not in known:
                raise ValueError(f"'{verdict.value}: {status}' is none of {where} ({', '.join(known)})")

    def environment(self, site: str) -> str:
        return self.environments.get(site, site)

    @property
    def state_folder(self) -> Path:
        """Spool and ledger of this Xray and project, in the user's folder for state: it outlives checkouts and runs."""
        digest = hashlib.sha256(f"{self.url.rstrip('/').lower()} {self.project}".encode()).hexdigest()[:12]
        return state.user_folder() / "xray" / f"{re.sub(r'[^A-Za-z0-9]+', '_', urlsplit(self.url).netloc)}-{digest}"


def load(path: Path | None = None) -> Settings:
    """The file's settings, with what the environment asks for. Raises RunError, which names what cannot be used."""
    path = path or Path(os.environ.get(FILE_VARIABLE) or FILE)
    asked = {name: text for name, variable in ASKED.items() if (text := os.environ.get(variable, "").strip())}
    for name, text in asked.items():
        if not re.fullmatch(_KEY, text):
            raise RunError(f"{ASKED[name]} is '{text}': set it to the key of an issue, such as PZ-14024.")
    try:
        return Settings.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) | asked)
    except (OSError, yaml.YAMLError) as error:
        raise RunError(f"{path.name} cannot be read ({' '.join(str(error).split())}): repair it.") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        reason = first["msg"].removeprefix("Value error, ")
        raise RunError(f"{path.name}: {where + ': ' if where else ''}{reason}; repair it.") from None


@dataclass(frozen=True)
class Credentials:
    """Of an API key of Xray Cloud; never written anywhere."""

    client_id: str
    client_secret: str = field(repr=False)


def credentials() -> Credentials:
    """From the environment; both are blanked in every text from now on. Raises RunError when one is not set."""
    found = {name: os.environ.get(name, "").strip() for name in CREDENTIALS}
    for name, value in found.items():
        if not value:
            raise RunError(f"{name} is not set: set it to the value of your API key of Xray Cloud.")
        secrets.register(value)
    return Credentials(*found.values())
