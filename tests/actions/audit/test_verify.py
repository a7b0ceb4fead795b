"""Every way of tampering is found, and called by its name."""

import shutil

import pytest

from actions.audit.chain import Chain
from actions.audit.migrations import upgrade
from actions.audit.trail import Trail
from actions.audit.verify import Finding, verify
from tests.actions.audit.conftest import KEY, content

COLUMNS = (
    "at, channel, role, who, purpose, operation, on_day, rules_version, facts, assumed, number_hash, number_masked, "
    "status, customer, numbers, counts"
)


def found(trail, expected=None):
    return [(finding.kind, finding.sequence) for finding in verify(trail, expected).findings]


def test_an_untouched_trail_is_intact_and_says_its_head(filled):
    report = verify(filled)
    assert report.findings == ()
    assert report.records == 8
    assert report.head == (8, filled.latest(1)[0].hash)


def test_an_empty_trail_is_intact(trail):
    assert verify(trail).findings == ()


def test_a_long_trail_is_read_page_by_page(trail, monkeypatch):
    monkeypatch.setattr("actions.audit.trail._PAGE", 3)
    for _ in range(10):
        trail.append(content())
    assert verify(trail).records == 10
    assert found(trail) == []


def test_a_change_of_any_column_is_found(filled, tamper):
    for column in COLUMNS.split(", "):
        value = "7" if column == "numbers" else "'other'"
        was = filled.latest(5)[0].content[column]
        tamper(f"UPDATE audit_look SET {column} = {value} WHERE sequence = 4")
        assert found(filled) == [("changed", 4)], column
        tamper(f"UPDATE audit_look SET {column} = {'NULL' if was is None else repr(was)} WHERE sequence = 4")
        assert found(filled) == [], column


@pytest.mark.parametrize("sequence", [1, 8])
def test_a_change_of_the_first_and_of_the_last_record_is_found(filled, tamper, sequence):
    tamper(f"UPDATE audit_look SET who = 'other' WHERE sequence = {sequence}")
    assert found(filled) == [("changed", sequence)]


def test_a_change_is_found_also_where_the_hash_was_changed_with_it(filled, tamper):
    tamper(f"UPDATE audit_look SET who = 'other', hash = '{'a' * 64}' WHERE sequence = 4")
    assert found(filled) == [("changed", 4)]


def test_two_changes_are_both_told(filled, tamper):
    tamper("UPDATE audit_look SET who = 'other' WHERE sequence IN (2, 6)")
    assert found(filled) == [("changed", 2), ("changed", 6)]


@pytest.mark.parametrize("sequence", [1, 4, 7])
def test_a_removed_record_is_found(filled, tamper, sequence):
    tamper(f"DELETE FROM audit_look WHERE sequence = {sequence}")
    assert found(filled)[0] == ("removed", sequence + 1)


def test_a_removed_record_is_found_also_where_the_rest_was_renumbered(filled, tamper):
    moves = [f"UPDATE audit_look SET sequence = {n - 1} WHERE sequence = {n}" for n in range(5, 9)]
    tamper("DELETE FROM audit_look WHERE sequence = 4", *moves)
    assert found(filled)[0] == ("removed", 4)


def test_a_removed_record_is_found_also_where_the_next_was_linked_to_the_one_before(filled, tamper):
    tamper(
        "UPDATE audit_look SET previous = (SELECT hash FROM audit_look WHERE sequence = 3) WHERE sequence = 5",
        "DELETE FROM audit_look WHERE sequence = 4",
        *(f"UPDATE audit_look SET sequence = {n - 1} WHERE sequence = {n}" for n in range(5, 9)),
    )
    assert ("changed", 4) in found(filled)


def insert_at(sequence, previous, sealed="'b'"):
    return (
        f"INSERT INTO audit_look (sequence, {COLUMNS}, previous, hash) SELECT {sequence}, {COLUMNS}, {previous}, {sealed} "
        "FROM audit_look WHERE sequence = 1"
    )


def test_an_inserted_record_is_found(filled, tamper):
    moves = [f"UPDATE audit_look SET sequence = {n + 1} WHERE sequence = {n}" for n in range(8, 3, -1)]
    tamper(*moves, insert_at(4, "(SELECT hash FROM audit_look WHERE sequence = 3)"))
    assert found(filled)[0] == ("inserted", 4)


def test_a_record_inserted_after_the_last_is_found(filled, tamper):
    tamper(insert_at(9, "(SELECT hash FROM audit_look WHERE sequence = 8)"))
    assert found(filled) == [("inserted", 9)]


def test_a_genuine_record_that_was_copied_is_found(filled, tamper):
    copy = insert_at(
        9, "(SELECT previous FROM audit_look WHERE sequence = 1)", "(SELECT hash FROM audit_look WHERE sequence = 1)"
    )
    tamper(copy)
    assert found(filled)[0] == ("reordered", 9)


def test_records_that_changed_places_are_found(filled, tamper):
    tamper(
        "UPDATE audit_look SET sequence = 99 WHERE sequence = 4",
        "UPDATE audit_look SET sequence = 4 WHERE sequence = 5",
        "UPDATE audit_look SET sequence = 5 WHERE sequence = 99",
    )
    assert found(filled)[0] == ("reordered", 4)


def test_a_changed_sequence_number_is_found(filled, tamper):
    tamper("UPDATE audit_look SET sequence = 12 WHERE sequence = 8")
    assert found(filled)[0] == ("renumbered", 12)


@pytest.mark.parametrize("kept", [7, 3, 0])
def test_a_truncated_tail_is_found(filled, tamper, kept):
    tamper(f"DELETE FROM audit_look WHERE sequence > {kept}")
    assert found(filled) == [("truncated", 8)]


def test_a_truncated_tail_is_found_also_where_the_head_was_set_back(filled, tamper):
    tamper(
        "DELETE FROM audit_look WHERE sequence > 6",
        "UPDATE audit_head SET sequence = 6, hash = (SELECT hash FROM audit_look WHERE sequence = 6)",
    )
    assert found(filled) == [("head", 6)]


def test_a_genuine_earlier_head_that_was_put_back_is_found(trail, tamper):
    trail.append(content())
    anchor, _ = next(trail.pages())
    trail.append(content())
    tamper(f"UPDATE audit_head SET sequence = 1, hash = '{anchor.hash}', seal = '{anchor.seal}'")
    assert found(trail) == [("head", 1)]


def test_a_removed_head_is_found(filled, tamper):
    tamper("DELETE FROM audit_head")
    assert found(filled) == [("head", 8)]


def test_an_older_copy_of_the_whole_database_is_found_by_the_head_that_was_noted_down(tmp_path):
    file, copy = tmp_path / "audit.db", tmp_path / "copy.db"
    upgrade(f"sqlite:///{file}")
    trail = Trail(f"sqlite:///{file}", Chain(KEY))
    trail.append(content())
    shutil.copy(file, copy)
    trail.append(content())
    noted = verify(trail).head
    trail.append(content())
    assert found(trail, noted) == []
    shutil.copy(copy, file)
    assert found(trail) == []
    assert found(trail, noted) == [("expected", 2)]
    assert found(trail, (1, noted[1][:16])) == [("expected", 1)]


def test_with_another_key_nothing_fits(filled, database_url):
    report = verify(Trail(database_url, Chain(b"quite another key")))
    assert report.nothing_fits
    assert Finding("head", 8) in report.findings
