"""The one entry: makes the environment, then hands over to it. 'python run.py --help' lists the commands.

This file and pipeline/interpreters.py keep to what every Python 3 reads: an old one must get as far as its sentence.
"""

import os
import sys

# First of all, and also where PYTHONSAFEPATH leaves it out: no other package named 'pipeline' may take our place.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - Python 2 has no pathlib

if sys.version_info < (3, 6):  # noqa: UP036 - started with whatever is called python
    sys.exit("This project needs Python 3.11, 3.12 or 3.13: start run.py with 'python3'.")

from pipeline import interpreters

interpreters.go_on_with_a_supported_one()

from pipeline.environment import main  # noqa: E402 - an old Python cannot read it

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
