"""A job that works is told from one that hangs by what it does, in its own thread."""

import threading

import pytest

from crawler.pulse import Pulse, Stuck


@pytest.fixture
def at():
    return [0.0]


@pytest.fixture
def pulse(at):
    return Pulse(patience=10, timer=lambda: at[0])


def test_a_job_that_shows_something_often_enough_never_counts_as_stuck(pulse, at):
    with pulse.job("site"):
        for _ in range(20):
            at[0] += 9
            assert pulse.stuck() is None
            pulse.mark()


def test_a_job_that_shows_nothing_for_too_long_is_named_until_it_ends(pulse, at):
    with pulse.job("site"):
        at[0] = 10.5
        assert pulse.stuck() == Stuck(job="site", seconds=10.5)
    assert pulse.stuck() is None


def test_what_another_thread_does_is_no_sign_of_life(pulse, at):
    with pulse.job("site"):
        at[0] = 11
        other = threading.Thread(target=pulse.mark)
        other.start()
        other.join(10)
        assert pulse.stuck() is not None


def test_of_several_the_one_silent_for_longest_is_named(pulse, at):
    with pulse.job("tick"):
        at[0] = 5
        begun, free = threading.Event(), threading.Event()

        def later() -> None:
            with pulse.job("site"):
                begun.set()
                free.wait(10)

        other = threading.Thread(target=later)
        other.start()
        begun.wait(10)
        at[0] = 20
        assert pulse.stuck() == Stuck(job="tick", seconds=20)
        pulse.mark()
        assert pulse.stuck() == Stuck(job="site", seconds=15)
        assert not pulse.wait_until_idle(0.01)
        free.set()
        other.join(10)
    assert pulse.wait_until_idle(0.01)


def test_a_job_that_is_expected_and_never_begins_counts_as_stuck(pulse, at):
    pulse.expect("tick", every=5)
    at[0] = 14
    assert pulse.stuck() is None
    at[0] = 16
    assert pulse.stuck() == Stuck(job="tick", seconds=11)
    with pulse.job("tick"):
        assert pulse.stuck() is None
    at[0] = 31
    assert pulse.stuck() is None
    at[0] = 32
    assert pulse.stuck() is not None


def test_a_job_whose_steps_are_longer_is_given_longer(at):
    pulse = Pulse(patience=10, longer={"site": 100}, timer=lambda: at[0])
    with pulse.job("site"):
        at[0] = 99
        assert pulse.stuck() is None
        at[0] = 101
        assert pulse.stuck() == Stuck(job="site", seconds=101)
