"""Bundles of failed tests as a run leaves them."""

from __future__ import annotations

import json
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from focus_core.run import bundle as written

from pipeline.errors import RunError

# What no recording holds.
NOT_REPLAYED = (
    "requests of RequestsLibrary, TLS handshakes, connections of SSHLibrary, logs that are followed, and a secret that "
    "an answer shows"
)
# What a replay and a report read of it.
PARTS = {
    *("test", "source", "message", "started", "ended", "run_id", "lane", "site", "site_file", "pods", "missing"),
    *("before", "during"),
}
# A bundle of another format, or a file that is none, may unpack to anything.
MOST_BYTES = 500 << 20


@dataclass(frozen=True)
class Bundle:
    """A bundle with its parts; `content` is what `focus_core.run.bundle.content` made."""

    path: Path
    content: dict[str, Any]

    @property
    def test(self) -> str:
        return str(self.content["test"])

    @property
    def source(self) -> str:
        """The test's file, from `suites` on."""
        return str(self.content["source"])

    @property
    def message(self) -> str:
        return str(self.content["message"])

    @property
    def calls(self) -> list[dict[str, Any]]:
        """The calls of the test in their order; what was before them is in `content`."""
        return list(self.content["during"])

    def left_out(self) -> list[str]:
        """What the bundle lacks of the test, a sentence each."""
        cut = sum("left_out" in call for call in self.calls)
        frames = sum(call["answer"].get("frames_left_out", 0) for call in self.calls if _is_reading(call))
        missing = self.content["missing"]
        return [
            sentence
            for count, sentence in (
                (missing, f"{missing} calls in the middle of the test are not in the bundle."),
                (cut, f"{cut} answers are not in the bundle because of their size."),
                (frames, f"{frames} frames in the middle of streams are not in the bundle."),
            )
            if count
        ]


def _is_reading(call: dict[str, Any]) -> bool:
    return call["door"] == "grpc" and "answer" in call


def read(path: Path) -> Bundle:
    """The bundle in a file. Raises RunError, which names the file, for anything else."""
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo(written.MEMBER).file_size > MOST_BYTES:
                raise RunError(f"{path} unpacks to more than {MOST_BYTES >> 20} MiB: that is no bundle of a test.")
            content = json.loads(archive.read(written.MEMBER))
        if content["format"] != written.FORMAT:
            raise RunError(
                f"{path} has format {content['format']}, {written.FORMAT} is read here: use the checkout that wrote it."
            )
        if not content.keys() >= PARTS:
            raise KeyError(*PARTS - content.keys())
    except FileNotFoundError:
        raise RunError(
            f"There is no bundle {path}: failed tests leave theirs in 'bundles' of the run's folder."
        ) from None
    # RuntimeError is zipfile's own for an archive with a password.
    except (OSError, zipfile.BadZipFile, zlib.error, RuntimeError, KeyError, TypeError, ValueError) as error:
        raise RunError(
            f"{path} is no bundle of a failed test ({type(error).__name__}): name a file of 'bundles'."
        ) from None
    return Bundle(path, content)
