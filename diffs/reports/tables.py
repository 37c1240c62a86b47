"""Claims and changes as CSV in which no spreadsheet finds formulas or dates."""

from collections.abc import Iterable, Iterator, Sequence

from diffs.changes.readings import claims_of
from diffs.codebooks import Codebook, codebook_of, coded
from diffs.model import Claim, History, Note, Revision
from diffs.reports.findings import dismissed_ids
from diffs.reports.safe import csv_cell
from diffs.reports.series import trusted
from diffs.reports.wording import amount, stamp

CLAIM_COLUMNS = (
    "url",
    "revision",
    "first_capture",
    "last_capture",
    "kind",
    "value",
    "low",
    "high",
    "qualifier",
    "number_text",
    "explicit",
    "who",
    "attribution",
    "attribution_class",
    "hedge",
    "polarity",
    "scope",
    "subset_of",
    "place",
    "sentence",
    "rule",
    "confidence",
    "first_link",
    "last_link",
    "sha256",
    "role",
    "unit",
    "event_key",
    "as_of",
    "period",
    "status",
    "perpetrator",
    "source_chain",
)
_CODED_COLUMNS = ("codebook", "coded_minimum", "coded_maximum", "coded_by_published_rule", "coded_note")
CHANGE_COLUMNS = (
    "id",
    "url",
    "kind",
    "type",
    "weight",
    "disclosure",
    "declared",
    "declared_by",
    "before_revision",
    "after_revision",
    "after_capture",
    "until_capture",
    "flap",
    "reverts_to",
    "figure_before",
    "figure_after",
    "unit",
    "value_before",
    "value_after",
    "low_before",
    "low_after",
    "high_before",
    "high_after",
    "qualifier_before",
    "qualifier_after",
    "source_before",
    "source_after",
    "text_before",
    "text_after",
    "detail",
    "archives",
    "independent_archives",
    "before_link",
    "after_link",
    "before_sha256",
    "after_sha256",
    "dismissed",
)


def render_claims_csv(history: History, codebook: str | None = None) -> str:
    """Return every claim of every trusted revision, a row each, in order of time and reading.

    Args:
        history: Whose claims.
        codebook: Name of a codebook, whose coded minimum and maximum stand in columns of their own behind the rest.

    Raises:
        ValueError: There is no codebook of that name.
    """
    return "".join(claims_csv_lines(history, codebook))


def claims_csv_lines(history: History, codebook: str | None = None) -> Iterator[str]:
    """Return the lines of `render_claims_csv`, each made when it is asked for."""
    book = codebook_of(codebook) if codebook else None
    rows = (
        claim_row(history, revision, claim) + (_coded(claim, book) if book else [])
        for revision in trusted(history)
        for claim in claims_of(revision.article)
    )
    return _lines((*CLAIM_COLUMNS, *(_CODED_COLUMNS if book else ())), rows)


def _coded(claim: Claim, codebook: Codebook) -> list[object]:
    each = coded(claim, codebook)
    return [each.codebook, each.minimum, each.maximum, each.published, each.note]


def render_changes_csv(history: History, notes: Iterable[Note] = ()) -> str:
    """Return every change of a history, a row each, in order of time; those that a note dismisses are marked."""
    return "".join(changes_csv_lines(history, notes))


def changes_csv_lines(history: History, notes: Iterable[Note] = ()) -> Iterator[str]:
    """Return the lines of `render_changes_csv`, each made when it is asked for."""
    return _lines(CHANGE_COLUMNS, change_rows(history, notes))


def claim_row(history: History, revision: Revision, claim: Claim) -> list[object]:
    """Return a claim as its row: a value for each of `CLAIM_COLUMNS`."""
    return [
        history.url,
        revision.number,
        stamp(revision.first.at),
        stamp(revision.last.at),
        claim.kind,
        claim.value,
        claim.low,
        claim.high,
        claim.qualifier,
        claim.number_text,
        claim.explicit,
        claim.who,
        claim.attribution,
        claim.attribution_class,
        claim.hedge,
        claim.polarity,
        claim.scope,
        claim.subset_of,
        claim.place,
        claim.sentence,
        claim.rule,
        claim.confidence,
        revision.first.link,
        revision.last.link,
        revision.first.sha256,
        claim.role,
        claim.unit,
        claim.event_key,
        claim.as_of,
        claim.period,
        claim.status,
        claim.perpetrator,
        "; ".join(claim.source_chain) or None,
    ]


def change_rows(history: History, notes: Iterable[Note] = ()) -> Iterable[list[object]]:
    """Yield every change of a history as its row: a value for each of `CHANGE_COLUMNS`."""
    dismissed = dismissed_ids(notes)
    for transition in history.transitions:
        interval = transition.interval
        for change in transition.changes:
            old, new = change.claim_before, change.claim_after
            claim = new or old
            yield [
                change.id,
                history.url,
                change.kind,
                change.type,
                change.weight,
                change.disclosure,
                change.declared,
                change.declared_by,
                transition.before.number,
                transition.after.number,
                stamp(interval.after.at),
                stamp(interval.until.at),
                transition.flap,
                transition.reverts_to,
                amount(old) if old else None,
                amount(new) if new else None,
                claim.kind if claim else None,
                *_sides(old, new, "value"),
                *_sides(old, new, "low"),
                *_sides(old, new, "high"),
                *_sides(old, new, "qualifier"),
                *_sides(old, new, "attribution"),
                change.before.text if change.before else None,
                change.after.text if change.after else None,
                change.detail,
                " ".join(change.archives or dict.fromkeys((interval.after.archive, interval.until.archive))),
                change.independent or 1,
                interval.after.link,
                interval.until.link,
                interval.after.sha256,
                interval.until.sha256,
                change.id in dismissed,
            ]


def _sides(old: Claim | None, new: Claim | None, name: str) -> tuple[object, object]:
    """Return a field of the old claim and of the new one, nothing where there is none."""
    return getattr(old, name, None), getattr(new, name, None)


def _lines(columns: Sequence[str], rows: Iterable[list[object]]) -> Iterator[str]:
    yield ",".join(columns) + "\n"
    yield from (",".join(map(cell_of, row)) + "\n" for row in rows)


def cell_of(value: object) -> str:
    """Return a value as a cell of CSV: text inert, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    text = csv_cell(str(value))
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"') else text
