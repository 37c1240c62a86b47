"""The rules of the grammar as a table: what each reads, a sentence that it reads, and how often it was right."""

from collections.abc import Mapping
from dataclasses import dataclass

_PRIOR, _WEIGHT = 0.85, 4  # what a rule is believed to be worth before it was seen at work, and how firmly


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the grammar.

    Attributes:
        name: As in `Claim.rule`.
        reads: What it reads.
        example: A sentence that has a claim by it.
        right: How many of its readings on the development sentences of 2026-11-23 were right in kind, number,
            bounds and scope.
        read: How many there were.
    """

    name: str
    reads: str
    example: str
    right: int = 0
    read: int = 0

    @property
    def confidence(self) -> float:
        """The share that was right, drawn towards what an unseen rule is believed to be worth."""
        return round((self.right + _PRIOR * _WEIGHT) / (self.read + _WEIGHT), 2)


TABLE = (
    Rule("active", "a verb and its object", "The blast killed 62 soldiers.", 56, 59),
    Rule("passive", "the subject of a passive verb", "62 soldiers were killed.", 73, 75),
    Rule("intransitive", "the subject of a verb without an object", "62 soldiers died.", 11, 12),
    Rule(
        "reduced", "a participle without its auxiliary", "62 killed, 100 others injured in the blast.", 16, 16
    ),
    Rule("state", "a count with an adjective behind it", "The blast left 62 dead.", 11, 12),
    Rule("copula", "an adjective said of a count", "44 miners are missing.", 12, 13),
    Rule("attributive", "an adjective before what is counted", "Crews searched for 19 missing miners.", 1, 1),
    Rule(
        "shared_subject",
        "a second verb or adjective said of the same count",
        "44 miners are trapped and feared dead.",
        1,
        1,
    ),
    Rule("made_to", "people made to do it", "The flood came, forcing 160,000 people to flee.", 2, 2),
    Rule("toll", "a toll or a number of victims and its amount", "The death toll rises to 12.", 12, 13),
    Rule("prior_toll", "what a toll rose or fell from", "The death toll rose to 12, up from 9."),
    Rule(
        "act", "a noun of an act with its victims", "Police investigate the murder of two missionaries.", 4, 4
    ),
    Rule("counted", "a counted noun", "The ministry reported 28 deaths.", 3, 5),
    Rule(
        "suffered", "those who suffered or have injuries", "Twelve commuters suffered breathing difficulties."
    ),
    Rule("none", "no and a noun", "There were no casualties.", 7, 7),
    Rule("zero", "nobody as subject or object", "The blast injured no one.", 1, 1),
    Rule(
        "among",
        "a part named with among",
        "The blast killed 12 people, and two nurses were among the dead.",
        1,
        1,
    ),
    Rule(
        "including",
        "a part named with including",
        "The blast killed 12 people, including three children.",
        6,
        6,
    ),
    Rule(
        "of_them",
        "a part named with of them, of whom",
        "The blast killed 20 people, 13 of them Israelis.",
        1,
        1,
    ),
    Rule("part_of", "a part of counted people", "Two of the wounded were in a critical state."),
    Rule("breakdown", "parts in brackets", "Eight people (three soldiers and five civilians) were wounded."),
    Rule(
        "along_with",
        "more victims named with along with",
        "The mayor was shot dead along with two bodyguards.",
    ),
    Rule("listed", "victims listed after the noun", "The injured were a driver and two passengers."),
    Rule(
        "aboard",
        "people aboard what went missing",
        "A plane with 239 passengers and crew on board went missing.",
    ),
    Rule("severity", "a part named by how badly it was hurt", "Seven people were injured, two critically."),
    Rule("implicit", "one victim without a printed number", "A man was killed.", 5, 8),
    Rule("unsurvived", "a count of whom none survived", "None of the 48 passengers survived."),
    Rule(
        "total",
        "a running total of the kind told before it",
        "Another 12 people died, bringing the total to 512.",
    ),
    Rule(
        "gapped",
        "a clause that leaves the verb out",
        "Six people were killed in the north and two on the islands.",
        1,
        1,
    ),
)
RULES: Mapping[str, str] = {rule.name: f"{rule.reads}: {rule.example}" for rule in TABLE}
CONFIDENCE: Mapping[str, float] = {rule.name: rule.confidence for rule in TABLE}
