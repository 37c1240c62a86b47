"""What is remembered about a line."""

from crawler.parser.remembered import LINES, LONGEST, remembered


def test_a_line_is_looked_at_once() -> None:
    asked: list[str] = []

    @remembered
    def size(text: str) -> int:
        asked.append(text)
        return len(text)

    assert [size("The ferry sank."), size("The ferry sank."), size("Two are missing.")] == [15, 15, 16]
    assert asked == ["The ferry sank.", "Two are missing."]


def test_a_long_line_is_not_kept() -> None:
    asked: list[str] = []

    @remembered
    def size(text: str) -> int:
        asked.append(text)
        return len(text)

    assert [size("a" * LONGEST), size("a" * LONGEST), size("a" * (LONGEST + 1)), size("a" * (LONGEST + 1))]
    assert [len(text) for text in asked] == [LONGEST, LONGEST + 1, LONGEST + 1]


def test_what_was_not_asked_for_longest_is_forgotten() -> None:
    asked: list[str] = []

    @remembered
    def known(text: str) -> str:
        asked.append(text)
        return text

    for number in range(LINES + 1):
        known(f"line {number}")
    known("line 0")
    assert len(asked) == LINES + 2
