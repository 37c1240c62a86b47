"""A worker as `variorum worker` starts one, whose further job writes down when it began and ended."""

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import crawler.worker
from crawler.config import load_settings
from crawler.daemon import pace_of
from crawler.log import configure_log
from crawler.tracker import Tracker
from crawler.worker import run_worker

LASTS = 0.3


def main(diary: Path) -> int:
    def note(line: str) -> None:
        with diary.open("a") as file:
            file.write(f"{line} {os.getpid()} {time.monotonic()}\n")

    def care(_store, _stop) -> None:
        note("begin")
        time.sleep(LASTS)
        note("end")

    configure_log()
    # What the dead held is looked for more often than every 15 s, so that a test need not wait for it.
    crawler.worker.BEAT_SECONDS = 1.0
    with Tracker.open(load_settings()) as tracker:
        pace = replace(pace_of(tracker), jobs={"care": (0.5, care)}, lease_seconds=20.0, batch=10)
        return run_worker(
            lambda: tracker.store, lambda _s, target, stop: tracker.visitor.visit(target, stop=stop), pace
        )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
