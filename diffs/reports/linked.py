"""What a report says of the headlines under which other pages link the article."""

from diffs.history.linked import linked_changes
from diffs.model import ChangeKind, History, LinkedChange, Sighting
from diffs.reports.citations import archive_name
from diffs.reports.document import Code, Item, Line, Link, List, Paragraph, Section, joined, line
from diffs.reports.findings import head_of
from diffs.reports.wording import count, exactly

_MOST = 40


def linked_headlines(history: History) -> list[Section]:
    """Return the changes of linking headlines as a section, or nothing where there are none."""
    changes = linked_changes(history.linked)
    if not changes:
        return []
    items = [_item(one) for one in changes[:_MOST]]
    left = len(changes) - len(items)
    if left > 0:
        items.append(Item(line(f"And {count(left, 'further change')}, listed in the JSON form.")))
    lead = line(
        "These words stood on other pages, which link the article, not in the article itself; they are counted among none "
        "of its changes."
    )
    return [Section(line("Headlines as linked"), (Paragraph(lead), List(items=tuple(items))))]


def _item(one: LinkedChange) -> Item:
    figures = [head_of(change) for change in one.changes if change.kind is not ChangeKind.HEADLINE]
    rest = line("; ", joined(figures, "; ")) if figures else ()
    return Item(
        line(
            "As linked on ",
            Code(one.after.source),
            f": “{one.before.headline}”, last seen ",
            _seen(one.before.last),
            f", then “{one.after.headline}”, first seen ",
            _seen(one.after.first),
            rest,
            " (",
            Code(one.id),
            ").",
        )
    )


def _seen(look: Sighting) -> Line:
    if not look.noted:
        return line(f"{exactly(look.at)}, before it was noted in which capture")
    if look.archive is None:
        return line(f"{exactly(look.at)} at the page itself, which no capture proves")
    return line(Link(exactly(look.at), look.link), f" in {archive_name(look.archive)}")
