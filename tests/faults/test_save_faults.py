"""A request to save ends in what really happened, or in not knowing."""

import json
from datetime import UTC, datetime

import pytest

from crawler.archive import ArchiveSource
from crawler.archive.save import Saver, SaveState
from crawler.errors import PenaltyError, RateLimitError, UnreachableError

PAGE = "https://www.example.org/news/story"
NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
KEYS = ("ACCESSKEY", "SECRETKEY")
JOB = "spn2-" + "a" * 40


def saver(bench, dialect="wayback", keys=KEYS):
    base = {"wayback": bench.server.url, "pywb": f"{bench.server.url}/web", "warc": "captures"}[dialect]
    return Saver(ArchiveSource.of("x", dialect=dialect, url=base), session=bench.session, keys=keys)


def service(bench, *, post=None, jobs=(), user=None):
    """Play Save Page Now 2: its account page, its form, and the job's states in order."""
    states = iter(jobs)

    def play(asked):
        if asked.path == "/save/status/user":
            return [reply(bench, user or {"available": 8, "processing": 0})]
        if asked.path.startswith("/save/status/"):
            return [reply(bench, next(states))]
        given = post or {"url": PAGE, "job_id": JOB}
        return given if isinstance(given, list) else [reply(bench, given)]

    bench.server.play = play


def reply(bench, value):
    return value if isinstance(value, bytes) else bench.answer(200, json.dumps(value).encode())


def done(at="20261123120033"):
    return {"status": "success", "timestamp": at, "original_url": PAGE, "http_status": 200}


def test_a_page_is_captured_and_the_job_followed_to_its_end(bench):
    service(bench, jobs=[{"status": "pending"}, {"status": "pending"}, done()])
    result = saver(bench).save(PAGE, now=NOW)
    assert (result.state, result.url) == (SaveState.SAVED, PAGE)
    assert result.captured_at == datetime(2026, 11, 23, 12, 0, 33, tzinfo=UTC)
    posted = next(asked for asked in bench.server.log if asked.method == "POST")
    assert posted.path == "/save"
    assert b"url=https%3A%2F%2Fwww.example.org%2Fnews%2Fstory" in posted.body
    assert b"if_not_archived_within=1800" in posted.body
    assert posted.headers["authorization"] == "LOW ACCESSKEY:SECRETKEY"
    assert posted.headers["accept"] == "application/json"


def test_a_capture_older_than_the_request_is_called_what_it_is(bench):
    service(bench, jobs=[done("20261123113000")])
    result = saver(bench).save(PAGE, now=NOW)
    assert result.state is SaveState.EXISTING
    assert "2026-11-23 11:30:00" in result.message


def test_the_service_saying_that_it_has_one_already_is_no_new_capture(bench):
    said = (
        "The same snapshot had been made 3 minutes ago. You can make new capture of this URL after 2 hours."
    )
    service(bench, post={"url": PAGE, "job_id": None, "message": said})
    result = saver(bench).save(PAGE, now=NOW)
    assert (result.state, result.message, result.captured_at) == (SaveState.EXISTING, said, None)


@pytest.mark.parametrize(
    "answer",
    [
        {"message": "You cannot save this", "status": "error", "status_ext": "error:blocked-url"},
        {
            "message": "Too many captures of it today",
            "status": "error",
            "status_ext": "error:too-many-daily-captures",
        },
    ],
)
def test_a_refusal_is_reported_in_the_services_own_words(bench, answer):
    service(bench, post=answer)
    result = saver(bench).save(PAGE, now=NOW)
    assert (result.state, result.message) == (SaveState.REFUSED, answer["message"])


def test_a_refusal_without_words_gives_its_code(bench):
    service(bench, jobs=[{"status": "error", "status_ext": "error:no-captures"}])
    result = saver(bench).save(PAGE, now=NOW)
    assert (result.state, result.message) == (SaveState.REFUSED, "error:no-captures")


def test_wrong_keys_are_reported_before_anything_is_asked_for(bench):
    words = "You need to be logged in to use Save Page Now."
    service(bench, user=bench.answer(401, json.dumps({"message": words}).encode()))
    result = saver(bench).save(PAGE, now=NOW)
    assert (result.state, result.message) == (SaveState.REFUSED, words)
    assert [asked.method for asked in bench.server.log] == ["GET"]


@pytest.mark.parametrize(
    "user",
    [
        {"available": 0, "processing": 8},
        {"available": 8, "processing": 0, "daily_captures": 200, "daily_captures_limit": 200},
    ],
)
def test_an_account_that_is_used_up_is_not_asked_more_of(bench, user):
    service(bench, user=user)
    assert saver(bench).save(PAGE, now=NOW).state is SaveState.REFUSED
    assert len(bench.server.log) == 1


@pytest.mark.parametrize("lost", [[None], [9.0], [b"HTTP/1.1 504 X\r\nContent-Length: 0\r\n\r\n"]])
def test_a_lost_answer_means_unknown_and_is_not_asked_for_twice(bench, lost):
    service(bench, post=lost)
    assert saver(bench).save(PAGE, now=NOW).state is SaveState.UNKNOWN
    assert [asked.method for asked in bench.server.log].count("POST") == 1


def test_a_job_that_never_ends_means_unknown(bench):
    service(bench, jobs=[{"status": "pending"}] * 40)
    result = saver(bench).save(PAGE, now=NOW)
    assert result.state is SaveState.UNKNOWN
    assert JOB in result.message
    assert 100 < sum(bench.clock.slept) < 200


def test_a_429_pauses_saves_and_says_why(bench):
    words = json.dumps({"message": "You have reached your limit of active sessions."}).encode()
    service(bench, post=[bench.answer(429, words, {"Retry-After": "300"})])
    with pytest.raises(RateLimitError, match="active sessions") as caught:
        saver(bench).save(PAGE, now=NOW)
    assert caught.value.retry_after == 300
    with pytest.raises(RateLimitError):
        saver(bench).save(PAGE, now=NOW)
    assert [asked.method for asked in bench.server.log].count("POST") == 1


def test_an_archive_that_is_not_there_was_not_asked(bench):
    bench.server.stop_listening()
    with pytest.raises(UnreachableError):
        saver(bench).save(PAGE, now=NOW)
    bench.pacing.succeeded(bench.server.host, now=NOW)
    with pytest.raises(PenaltyError):
        saver(bench).save(PAGE, now=NOW)


def test_keys_are_in_no_text_that_a_person_or_a_log_sees(bench):
    service(bench, post=[bench.answer(500, b"broken")])
    one = saver(bench)
    result = one.save(PAGE, now=NOW)
    assert "SECRET" not in repr(one) + str(vars(result) if hasattr(result, "__dict__") else result)
    assert "SECRET" not in "".join(asked.path for asked in bench.server.log)


@pytest.mark.parametrize("header", ["Content-Location", "Location"])
def test_the_anonymous_form_is_a_last_resort_that_may_work(bench, header):
    status = 302 if header == "Location" else 200
    place = f"/web/20261123120005/{PAGE}"
    bench.server.play = lambda _: [bench.answer(status, b"", {header: place})]
    result = saver(bench, keys=None).save(PAGE, now=NOW)
    assert (result.state, bench.server.log[0].path) == (SaveState.SAVED, f"/save/{PAGE}")


@pytest.mark.parametrize("status", [401, 404, 520, 200])
def test_the_anonymous_form_refusing_says_what_would_help(bench, status):
    bench.server.play = lambda _: [bench.answer(status, b"<html>no</html>")]
    result = saver(bench, keys=None).save(PAGE, now=NOW)
    if status == 520:
        assert result.state is SaveState.UNKNOWN
    else:
        assert result.state is SaveState.REFUSED
        assert "save.access_key" in result.message


def test_pywb_records_and_its_index_proves_it(bench):
    row = f"org,example)/news/story 20261123120001 {PAGE} text/html 200 {'A' * 32} 99\n"
    bench.server.play = lambda asked: [
        bench.answer(200, b"page" if "/record/" in asked.path else row.encode())
    ]
    result = saver(bench, "pywb", keys=None).save(PAGE, now=NOW)
    assert (result.state, bench.server.log[0].path) == (SaveState.SAVED, f"/web/record/id_/{PAGE}")


def test_a_collection_that_cannot_record_says_so(bench):
    said = b"Error: Can Not Record Into Custom Collection"
    bench.server.play = lambda asked: [bench.answer(200, said if "/record/" in asked.path else b"")]
    result = saver(bench, "pywb", keys=None).save(PAGE, now=NOW)
    assert result.state is SaveState.REFUSED
    assert "Can Not Record" in result.message


def test_a_recording_that_is_not_listed_yet_is_unknown(bench):
    bench.server.play = lambda _: [bench.answer(200, b"")]
    assert saver(bench, "pywb", keys=None).save(PAGE, now=NOW).state is SaveState.UNKNOWN


def test_files_cannot_be_saved_to(bench):
    assert saver(bench, "warc", keys=None).save(PAGE, now=NOW).state is SaveState.REFUSED
    assert not bench.server.log


@pytest.mark.parametrize(
    "trouble",
    [
        [None],
        [b"HTTP/1.1 504 X\r\nContent-Length: 0\r\n\r\n"],
        [b"HTTP/1.1 404 X\r\nContent-Length: 2\r\n\r\nno"],
        [b"HTTP/1.1 401 X\r\nContent-Length: 2\r\n\r\nno"],
        [b"HTTP/1.1 429 X\r\nContent-Length: 0\r\n\r\n"],
    ],
)
def test_a_job_that_cannot_be_asked_after_is_unknown_and_can_be_asked_after_later(bench, trouble):
    def play(asked):
        if asked.path == "/save/status/user":
            return [reply(bench, {"available": 8, "processing": 0})]
        return (
            trouble
            if asked.path.startswith("/save/status/")
            else [reply(bench, {"url": PAGE, "job_id": JOB})]
        )

    bench.server.play = play
    result = saver(bench).save(PAGE, now=NOW)
    assert (result.state, result.job) == (SaveState.UNKNOWN, JOB)
    assert JOB in result.message
    bench.pacing.pauses.clear()
    service(bench, jobs=[done()])
    later = saver(bench).follow(JOB, PAGE, now=NOW)
    assert (later.state, later.job) == (SaveState.SAVED, JOB)
    assert later.captured_at == datetime(2026, 11, 23, 12, 0, 33, tzinfo=UTC)


def test_a_job_that_still_runs_later_is_still_unknown(bench):
    service(bench, jobs=[{"status": "pending"}])
    assert saver(bench).follow(JOB, PAGE, now=NOW).state is SaveState.UNKNOWN


@pytest.mark.parametrize("keys", [("ACCESSKEY", "SECRETKEY\r"), (" ACCESSKEY\n", "\tSECRETKEY ")])
def test_white_space_around_keys_is_left_out(bench, keys):
    service(bench, jobs=[done()])
    assert saver(bench, keys=keys).save(PAGE, now=NOW).state is SaveState.SAVED
    assert {asked.headers["authorization"] for asked in bench.server.log} == {"LOW ACCESSKEY:SECRETKEY"}


@pytest.mark.parametrize(
    "keys", [("ACCESSKEY", "SECRET\rKEY"), ("", "SECRETKEY"), ("A", "SECR\u00e9T"), ("A:B", "SECRETKEY")]
)
def test_keys_that_cannot_be_keys_are_neither_sent_nor_shown(bench, keys):
    result = saver(bench, keys=keys).save(PAGE, now=NOW)
    assert result.state is SaveState.REFUSED
    assert not bench.server.log
    assert "SECR" not in result.message


def test_keys_are_not_sent_over_plain_http_but_to_this_machine(bench):
    for host in ("archive.example", "192.168.1.9"):
        away = Saver(
            ArchiveSource.of("x", dialect="wayback", url=f"http://{host}"), session=bench.session, keys=KEYS
        )
        result = away.save(PAGE, now=NOW)
        assert (result.state, "plain http" in result.message) == (SaveState.REFUSED, True)
