"""The languages in which casualty figures are read: a line each, and a folder of its name next to this file."""

# A language is switched on once its blind figures reach .75 (docs/claims.md).
PACKS = frozenset(
    {
        "de",
        "en",
        "es",
        "fr",
    }
)
