"""python run.py test | site | xray: the tests of Weather Station. `--help` shows the options."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Before anything of the shared parts is imported: their data is that of this project.
os.environ["FOCUS_PROJECT"] = str(HERE)

try:
    from pipeline.product.runner import Project, main
except ModuleNotFoundError as error:
    if error.name != "pipeline":
        raise
    sys.exit("The shared parts are not installed: python -m pip install acceptance_shared-VERSION-py3-none-any.whl")

if __name__ == "__main__":
    sys.exit(main(Project(HERE, "weather_station_site.site", "weather_station.settings:Site"), sys.argv[1:]))
