"""No reading moves under a version that stores already hold: `make readings` says what to do."""

import pytest

import readings


@pytest.mark.parametrize("kind", readings.VERSIONS)
def test_every_reading_is_the_one_recorded_for_its_version(kind):
    now = readings.readings(kind)
    assert len(now) > 20
    assert readings.fault(kind, now) is None


@pytest.fixture
def record(tmp_path, monkeypatch):
    monkeypatch.setattr(readings, "FOLDER", tmp_path)
    monkeypatch.setattr(readings, "VERSIONS", {"parser": ("5", "PARSER_VERSION")})
    return tmp_path / "parser.txt"


def test_a_reading_that_moved_asks_for_a_version_even_when_cases_came_too(record):
    record.write_text("5\na 1\nb 2\n")
    assert readings.fault("parser", {"a": "1", "b": "2"}) is None
    assert readings.fault("parser", {"a": "9", "b": "2", "c": "3"}).startswith(readings.MOVED)


def test_new_cases_and_a_raised_version_ask_for_the_record_only(record):
    record.write_text("5\na 1\n")
    assert "make readings" in readings.fault("parser", {"a": "1", "b": "2"})
    record.write_text("4\na 1\n")
    assert "other cases" in readings.fault("parser", {"a": "7"})


def test_the_command_refuses_to_record_what_moved(record, monkeypatch, capsys):
    record.write_text("5\na 1\n")
    monkeypatch.setattr(readings, "readings", lambda _kind: {"a": "9"})
    assert readings.main() == 1
    assert "readings moved: raise the version" in capsys.readouterr().err
    assert record.read_text() == "5\na 1\n"


def test_the_command_records_under_a_raised_version(record, monkeypatch):
    record.write_text("4\na 1\n")
    monkeypatch.setattr(readings, "readings", lambda _kind: {"b": "2", "a": "9"})
    assert readings.main() == 0
    assert record.read_text() == "5\na 9\nb 2\n"
