"""The Focus client's settings file (``usersettings.*.json``) as a source of limits and defaults."""

import json
from pathlib import Path
from typing import Any

from focus_core.base.errors import SiteFileError


def read(path: Path) -> dict[str, dict[str, Any]]:
    """``limits`` and ``defaults`` as a site file spells them, from Constraints, Options and Defaults of the client.

    The client has no list of NFFTs for multichannel views and no capacity: the site file must still give those.
    Raises ``SiteFileError`` when the file or a key of it is missing.
    """
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SiteFileError(
            f"The client settings file {path} cannot be read ({error}); correct settings_file."
        ) from None
    try:
        constraints, options, defaults = settings["Constraints"], settings["Options"], settings["Defaults"]
        return {
            "limits": {
                "lowest_channel": 1,
                "highest_channel": constraints["SensorsRange"],
                "frequency_max_hz": constraints["FrequencyMax"],
                "max_windows": constraints["MaxWindows"],
                "nfft_single": options["nfftSingleChannel"],
            },
            "defaults": {
                "channels": [defaults["StartChannel"], defaults["EndChannel"]],
                "frequency_hz": [defaults["StartFrequency_hz"], defaults["EndFrequency_hz"]],
                "nfft": defaults["Nfft"],
                "duration_s": defaults["DisplayTimeAxisDuration"],
            },
        }
    except (KeyError, TypeError) as error:
        raise SiteFileError(f"The client settings file {path} has no {error}; it is needed for limits.") from None
