"""python run.py test | site | xray: the tests of Weather Station. `--help` shows the options."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Before anything of the shared parts is imported: their data is that of this project.
os.environ["FOCUS_PROJECT"] = str(HERE)

from pipeline.product.runner import Project, main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(Project(HERE, "weather_station_site.site", "weather_station.settings:Site"), sys.argv[1:]))
