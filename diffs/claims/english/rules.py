"""The rules of the English grammar as a table: what each reads, a sentence that it reads, and the function that runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from diffs.claims.english.chunks import Parsed
from diffs.claims.english.fates import read_label
from diffs.claims.english.implicit import read_implicit
from diffs.claims.english.losses import read_aboard, read_unsurvived
from diffs.claims.english.mentions import Mentions
from diffs.claims.english.nominal import (
    read_act,
    read_among,
    read_counted,
    read_none,
    read_suffered,
    read_tolls,
)
from diffs.claims.english.parts import (
    read_along,
    read_breakdown,
    read_count,
    read_including,
    read_listed,
    read_out_of,
)
from diffs.claims.english.totals import read_totals
from diffs.claims.english.verbal import (
    read_adjective,
    read_intransitive,
    read_made_to,
    read_objects,
    read_participle,
)

_PRIOR, _WEIGHT = 0.85, 4  # what a rule is believed to be worth before it was seen at work, and how firmly

Reader = Callable[[Parsed, int, Mentions], bool]


class Stage(StrEnum):
    """When a rule is tried: the stages follow one another, each over all chunks of the sentence."""

    CUE = "cue"
    PART = "part"
    REST = "rest"
    IMPLICIT = "implicit"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the grammar.

    Attributes:
        name: As in `Claim.rule`.
        reads: What it reads.
        example: A sentence that has a claim by it.
        function: What runs: it looks at one chunk of a sentence, adds what it reads there, and returns whether the
            chunk is used up, so that no further rule of the stage is tried there. Rules that only the words of the
            clause tell apart (passive and reduced) share one.
        right: How many of its readings on the development sentences of 2026-11-23 were right in kind, number,
            bounds and scope.
        read: How many there were.
        stage: When it is tried.
        marks: Marks of the chunks at which it is tried; all where empty.
    """

    name: str
    function: Reader
    reads: str
    example: str
    right: int = 0
    read: int = 0
    stage: Stage = Stage.CUE
    marks: str = "C"

    @property
    def confidence(self) -> float:
        """The share that was right, drawn towards what an unseen rule is believed to be worth."""
        return round((self.right + _PRIOR * _WEIGHT) / (self.read + _WEIGHT), 2)


# In the order in which they are tried.
TABLE = (
    Rule("unsurvived", read_unsurvived, "a count of whom none survived", "None of the 48 passengers survived."),
    Rule("toll", read_tolls, "a toll or a number of victims and its amount", "The death toll rises to 12.", 12, 13),
    Rule("prior_toll", read_tolls, "what a toll rose or fell from", "The death toll rose to 12, up from 9."),
    Rule("none", read_none, "no and a noun", "There were no casualties.", 7, 7),
    Rule("among", read_among, "a part named with among", "The blast killed 12 people, and two nurses were among the dead.", 1, 1),
    Rule("suffered", read_suffered, "those who suffered or have injuries", "Twelve commuters suffered breathing difficulties."),
    Rule("act", read_act, "a noun of an act with its victims", "Police investigate the murder of two missionaries.", 4, 4),
    Rule("counted", read_counted, "a counted noun", "The ministry reported 28 deaths.", 3, 5),
    Rule("state", read_adjective, "a count with an adjective behind it", "The blast left 62 dead.", 11, 12),
    Rule("copula", read_adjective, "an adjective said of a count", "44 miners are missing.", 12, 13),
    Rule("attributive", read_adjective, "an adjective before what is counted", "Crews searched for 19 missing miners.", 1, 1),
    Rule("shared_subject", read_adjective, "a second verb or adjective said of the same count", "44 miners are trapped and feared dead.", 1, 1),
    Rule("made_to", read_made_to, "people made to do it", "The flood came, forcing 160,000 people to flee.", 2, 2),
    Rule("intransitive", read_intransitive, "the subject of a verb without an object", "62 soldiers died.", 11, 12),
    Rule("passive", read_participle, "the subject of a passive verb", "62 soldiers were killed.", 73, 75),
    Rule("reduced", read_participle, "a participle without its auxiliary", "62 killed, 100 others injured in the blast.", 16, 16),
    Rule("active", read_objects, "a verb and its object", "The strikes kill 62 soldiers.", 56, 59),
    Rule("zero", read_objects, "nobody as subject or object", "The blasts injure no one.", 1, 1),
    Rule("including", read_including, "a part named with including", "The blast killed 12 people, including three children.", 6, 6, stage=Stage.PART, marks="I"),
    Rule("breakdown", read_breakdown, "parts in brackets", "Eight people (three soldiers and five civilians) were wounded.", stage=Stage.PART, marks="(-:"),
    Rule("part_of", read_out_of, "a part of counted people", "Of the injured, two were firefighters.", stage=Stage.PART, marks="P"),
    Rule("along_with", read_along, "more victims named with along with", "The mayor was shot dead along with two bodyguards.", stage=Stage.PART, marks="PB"),
    Rule("listed", read_listed, "victims listed after the noun", "The injured were a driver and two passengers.", stage=Stage.PART, marks="C"),
    Rule("aboard", read_aboard, "people aboard what went missing", "A plane with 239 passengers and crew on board went missing.", stage=Stage.PART, marks="C"),
    Rule("of_them", read_count, "a part named with of them, of whom", "The blast killed 20 people, 13 of them Israelis.", 1, 1, stage=Stage.PART, marks="N"),
    Rule("severity", read_count, "a part named by how badly it was hurt", "Seven people were injured, two critically.", stage=Stage.PART, marks="N"),
    Rule("compared", read_count, "what a count is compared with", "This year 204 people drowned, compared with 187 last year.", stage=Stage.PART, marks="N"),
    Rule("restated", read_count, "a second source's count of those counted", "Media put the toll at 70, but the government has confirmed only 34.", stage=Stage.PART, marks="N"),
    Rule("gapped", read_count, "a clause that leaves the verb out", "Six people were killed in the north and two on the islands.", 1, 1, stage=Stage.PART, marks="N"),
    Rule("total", read_totals, "a running total of the kind named before it", "Another 12 people died, bringing the total to 512.", stage=Stage.REST, marks="W"),
    Rule("label", read_label, "a label and its count", "Injured: 30", stage=Stage.REST, marks="C"),
    Rule("implicit", read_implicit, "one victim without a printed number", "A man was killed.", 5, 8, stage=Stage.IMPLICIT, marks="C"),
)  # fmt: skip
CONFIDENCE: Mapping[str, float] = {rule.name: rule.confidence for rule in TABLE}
