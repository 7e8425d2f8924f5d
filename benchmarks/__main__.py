"""The command line of the benchmarks."""

import argparse
import importlib
import os
import sys
from pathlib import Path

import benchmarks

NAMES = {
    "quality": "quality",
    "grammar": "grammar",
    "names": "names",
    "blocking": "blocking",
    "fit-names": "fit_names",
    "fit-grammar": "fit_grammar",
    "fit-prose": "fit_prose",
    "fit-litter": "fit_litter",
    "layout": "layout",
    "review": "review",
    "scale": "scale",
    "speed": "speed",
    "translation": "translation",
}


def main() -> int:
    """Run a benchmark by its name."""
    parser = argparse.ArgumentParser(
        prog="run.py bench", description=benchmarks.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", choices=NAMES)
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("CLEANER_BENCH_DATA", "../shared/data")), help="the folder of the data"
    )
    parser.add_argument(
        "--peers", default="typos,codespell", help="the peers to run, where they are installed (default: typos,codespell)"
    )
    parser.add_argument("--list", action="store_true", help="list what was missed and found beside the truth")
    parser.add_argument(
        "--size", type=int, default=2_000, help="the articles of the benchmarks of speed and scale (default: 2,000)"
    )
    parser.add_argument(
        "--only",
        choices=["growth", "rate", "suggestions"],
        help="of the benchmark of speed only this part: for sizes at which all would take hours",
    )
    options = parser.parse_args()
    if not options.data.is_dir():
        sys.exit(f"run.py bench: {options.data}: no such folder of data: give it with --data")
    module = importlib.import_module(f"benchmarks.{NAMES[options.name]}")
    return module.main(options)


if __name__ == "__main__":
    sys.exit(main())
