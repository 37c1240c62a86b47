"""Where each page of a site stands: names that no address, outlet or story can turn into a path of its own."""

import re
from datetime import UTC, date, datetime

from diffs.model import Transition, digest_of
from diffs.reports.names import file_stem

_ID = re.compile("[0-9a-f]{16}")
_SHORT = 12
ENDING = ".html"


def place_of_target(url: str) -> str:
    """Return where a target's report stands, without an ending."""
    return f"pages/{file_stem(url)}"


def place_of_comparison(story: str) -> str:
    """Return where the comparison of a story's outlets stands: next to the reports, to which it links."""
    return f"pages/story-{file_stem(story)}"


def place_of_story(name: str) -> str:
    """Return where the list of a story's changes stands."""
    return f"stories/{file_stem(name)}"


def place_of_outlet(name: str) -> str:
    """Return where the list of an outlet's changes stands."""
    return f"outlets/{file_stem(name)}"


def place_of_day(day: date) -> str:
    """Return where the list of a day's changes stands."""
    return f"days/{day.isoformat()}"


def day_of(at: datetime) -> date:
    """Return the day (UTC) of a time."""
    return at.astimezone(UTC).date()


def place_of_finding(finding: str) -> str:
    """Return where a finding stands; it depends on the finding's id alone."""
    return f"findings/{finding if _ID.fullmatch(finding) else file_stem(finding)}"


def place_of_step(url: str, step: Transition) -> str:
    """Return where the two versions of a step stand side by side."""
    until = step.interval.until.at.astimezone(UTC)
    content = digest_of(step.before.article.fingerprint, step.after.article.fingerprint, until.isoformat())
    return f"steps/{digest_of(url)[:_SHORT]}-{until:%Y%m%d%H%M%S}-{content[:_SHORT]}"


def climb(place: str) -> str:
    """Return what leads from a page of the site back to its root: `../` for each folder."""
    return "../" * place.count("/")
