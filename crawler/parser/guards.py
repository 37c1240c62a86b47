"""What a sentence must not hold before it is taken away for where it stands: figures, fates and sources, in many languages."""

import re

from crawler.parser.wording import is_guarded, states_toll
from diffs.language.counts import names_count

# The dead, the hurt and the missing in languages that `states_toll` does not know (written by hand, 2026-11-29).
_FATES = re.compile(
    r"zgin|zabi[tcł]|nie żyj|\brann|zagin|poszkod|öldü|ölü|ölen|yaral|hayatını kayb|yaşamını yit|kayıp|загин|поранен|травмован|зник|помер|погиб|пострада|пропал|скончал|"
    r"tewas|meninggal|terluka|luka-luka|hilang|korban|omkom|dræb|\bdød|\bdöd|såret|kvæst|skad[ae]|savnet|saknas|zemřel|mrtv|zraně|pohřeš|meghalt|halott|sérült|eltűnt|a murit|răni|dispăr|kuoll|kuoli|loukkaan|"
    r"morreu|morte|mort[oa]s|desaparec|vermist|omgekomen|overleden|νεκρ|τραυμα|"
    r"قتل|قتيل|جرح|جريح|أصيب|إصاب|مصرع|ضحاي|مفقود|وفاة|جثث|جثة|הרוג|נהרג|פצוע|נפצע|נעדר|מת\b|मौत|मृत|घायल|लापता|(?<!ह)मारे|کشته|زخمی|جان|مفقود|مصدوم",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"\b(?:mówi|poinformował|podał|dodał|söyled|açıkla|belirt|dedi|diyen|сообщ|заяв|сказал|рассказ|повідом|заяв|сказав|сказала|розпов|kata|ujar|säger|uppger|sade|siger|oplyser|sagde|uvedl|řekl|mondta|közöl|spus|declarat|sanoo|kertoo)"
    r"|قال|أعلن|أفاد|ذكر|אמר|מסר|סיפר|לדברי|कहा|बताया|گفت|اعلام کرد",
    re.IGNORECASE,
)


def states_nothing(text: str) -> bool:
    """Return whether a sentence holds no digit, quotation, source, number word or fate, so that where it stands may decide what it is."""
    return not (
        is_guarded(text)
        or states_toll(text)
        or _FATES.search(text) is not None
        or _SPOKEN.search(text) is not None
        or names_count(text)
    )
