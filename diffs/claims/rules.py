"""The rules of the grammar by name: what each reads, and how often it was right."""

from collections.abc import Mapping

RULES: Mapping[str, str] = {
    "active": "a verb and its object: killed 62 soldiers",
    "passive": "the subject of a passive verb: 62 soldiers were killed",
    "intransitive": "the subject of a verb without an object: 62 soldiers died",
    "reduced": "a participle without its auxiliary: 62 killed, 100 others injured",
    "state": "a count with an adjective behind it: 62 dead, left 11 homeless",
    "copula": "an adjective said of a count: 44 miners remain trapped",
    "attributive": "an adjective before what is counted: 19 missing miners",
    "shared_subject": "a second verb or adjective said of the same count: trapped, feared dead",
    "made_to": "people made to do it: forcing 160,000 people to flee",
    "toll": "a toll or a number of victims and its amount: the toll rises to 12",
    "prior_toll": "what a toll rose or fell from: up from 9",
    "act": "a noun of an act with its victims: the murder of two missionaries",
    "counted": "a counted noun: 28 deaths, more than 120 reported fatalities",
    "suffered": "those who suffered injuries: twelve Poles suffered minor injuries",
    "none": "no and a noun: no casualties",
    "zero": "nobody as subject or object: injured no one",
    "among": "a part named with among: two nurses were among the dead",
    "including": "a part named with including: including three children",
    "of_them": "a part named with of them, of whom: 13 of them Israelis",
    "part_of": "a part of counted people: two of the wounded",
    "breakdown": "parts in brackets: eight people (three soldiers and five civilians) were wounded",
    "along_with": "more victims named with along with: shot dead along with two bodyguards",
    "listed": "victims listed after the noun: the injured were a driver and two passengers",
    "aboard": "people aboard what went missing: with 239 passengers and crew on board",
    "severity": "a part named by how badly it was hurt: two critically",
    "implicit": "one victim without a printed number: a man, another, the bomber, a named person",
    "unsurvived": "a count of whom none survived: none of the 48 passengers survived",
    "total": "a running total of the kind told before it: bringing the total to 512",
    "gapped": "a clause that leaves the verb out: four in the south and two on the islands",
}

# Right and read on the development sentences of 2026-11-23; right means kind, number, bounds and scope.
_MEASURED: Mapping[str, tuple[int, int]] = {
    "active": (56, 59),
    "passive": (73, 75),
    "intransitive": (11, 12),
    "reduced": (16, 16),
    "state": (11, 12),
    "copula": (12, 13),
    "attributive": (1, 1),
    "shared_subject": (1, 1),
    "made_to": (2, 2),
    "toll": (12, 13),
    "act": (4, 4),
    "counted": (3, 5),
    "none": (7, 7),
    "zero": (1, 1),
    "among": (1, 1),
    "including": (6, 6),
    "of_them": (1, 1),
    "implicit": (5, 8),
    "gapped": (1, 1),
}
_PRIOR, _WEIGHT = 0.85, 4  # what a rule is believed to be worth before it was seen at work, and how firmly


def _confidence(rule: str) -> float:
    right, read = _MEASURED.get(rule, (0, 0))
    return round((right + _PRIOR * _WEIGHT) / (read + _WEIGHT), 2)


CONFIDENCE: Mapping[str, float] = {rule: _confidence(rule) for rule in RULES}
