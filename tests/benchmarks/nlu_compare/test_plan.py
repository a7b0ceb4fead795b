import pytest

from benchmarks.nlu_compare.data import FOLD_NAMES
from benchmarks.nlu_compare.plan import Job, jobs, whole
from benchmarks.nlu_compare.registry import ENTRIES


def test_every_way_is_measured_and_what_needs_hours_is_not():
    planned = whole()
    assert {job.way for job in planned} == set(ENTRIES)
    assert Job("ask", "stock", "full") not in planned
    assert len(set(planned)) == len(planned)


def test_ways_that_share_a_training_come_after_the_one_that_trains():
    planned = [job for job in whole() if job.work == "ask" and job.split == "full"]
    order = [job.way for job in planned]
    for way, entry in ENTRIES.items():
        if entry.learnt_by:
            assert order.index(entry.learnt_by) < order.index(way)


def test_a_stock_pipeline_is_asked_by_epochs_only_after_it_has_been_trained():
    planned = whole()
    for number, job in enumerate(planned):
        if job.work == "epochs":
            assert Job("ask", job.way, job.split) in planned[:number]


def test_ours_is_measured_wherever_another_way_is():
    planned = set(whole())
    assert all(Job("ask", "ours", job.split) in planned for job in planned)


def test_unknown_names_are_refused():
    with pytest.raises(ValueError, match=r"nobody.*fold9"):
        jobs("ask", ["ours", "nobody"], [*FOLD_NAMES, "fold9"])
