"""Make data/sample/inbox again, byte for byte: `python tests/make_sample.py [DEST]`.

A year of the RAP-UP campaign as invented exports. No wall clock, no chance but seeded chance,
nothing that depends on the operating system; data/sample/README.md tells the story in them.
"""

from __future__ import annotations

import sys
from pathlib import Path

if __package__:  # `python -m tests.make_sample` finds the parts from the checkout, the script beside itself
    from .sample.inbox import sample_files
else:
    from sample.inbox import sample_files

DEFAULT = Path(__file__).parents[1] / "data" / "sample"


def main() -> None:
    """Write every file; refuse to work in a folder that holds something else."""
    destination = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    files = dict(sample_files())
    present = {
        path.relative_to(destination).as_posix() for path in destination.glob("inbox/**/*") if path.is_file()
    }
    if strangers := sorted(present - files.keys()):
        # Never deleted: the folder could be somebody's real inbox.
        sys.exit(f"{destination}: remove what this script did not make: {', '.join(strangers[:3])}")
    for name, content in files.items():
        path = destination / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    main()
