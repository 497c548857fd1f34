"""The one entry: makes the environment, then hands over to it. 'python run.py --help' lists the commands."""

import sys

if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit("This project needs Python 3.11, 3.12 or 3.13: install one of them and start run.py with it.")

from pipeline.environment import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
