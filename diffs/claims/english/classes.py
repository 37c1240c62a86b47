"""Of what sort a printed source is: a party, an official, a witness, the media, a monitor, or nobody."""

from diffs.claims.english.lexicon import Lexicon
from diffs.language.en import ENGLISH
from diffs.language.en import single as en
from diffs.model import AttributionClass

_ARMED = ENGLISH.words("people.armed")
_DEFENCE = ENGLISH.words("people.defence")
_CIVIL = ENGLISH.words("people.civil")
_AGENCIES = ENGLISH.words("saying.agencies")
_AGENCY_TASKS = ENGLISH.words("saying.agency_tasks")
_CLASSES = (
    ("impersonal", AttributionClass.IMPERSONAL),
    ("witness", AttributionClass.WITNESS),
    ("monitor", AttributionClass.MONITOR),
    ("media", AttributionClass.MEDIA),
    ("party", AttributionClass.PARTY),
    ("official", AttributionClass.OFFICIAL),
)


def class_of(text: str, lex: Lexicon) -> AttributionClass:
    """Return the sort of source a printed name is; official where no word tells."""
    words = [word.strip(".,'\"()").casefold().removesuffix("'s").removesuffix("’s") for word in text.split()]
    if words[:1] == [en.IT] and len(words) > 1:
        return AttributionClass.IMPERSONAL
    # Civil defence rescues, and an agency with a task of the state's is no news agency.
    apart = {*(_DEFENCE if _CIVIL & set(words) else ()), *(_AGENCIES if _AGENCY_TASKS & set(words) else ())}
    words = [word for word in words if word not in apart]
    if any(word in _ARMED for word in words):
        return AttributionClass.PARTY
    last = [word for word in words if word][-1:]
    for group in (last, words):
        for name, kind in _CLASSES[1:]:
            if any(word in lex.sources[name] for word in group):
                return kind
    return AttributionClass.PARTY if text[:1].isupper() and len(words) == 1 else AttributionClass.OFFICIAL
