from benchmarks.nlu_compare.compare import averaged, equally_careful
from benchmarks.nlu_compare.results import Results


def figures(**levels: tuple[float, float | None]) -> dict:
    at = {
        level[1:].replace("_", "."): {"right": right, "false_answers": false}
        for level, (right, false) in levels.items()
    }
    return {"questions": 10, "answerable": 5, "given": {"right": 0.5, "false_answers": 0.4}, "at": at}


def test_the_threshold_with_most_right_answers_among_the_careful_ones_is_chosen():
    level, best = equally_careful(figures(t0_2=(0.9, 0.3), t0_5=(0.8, 0.1), t0_8=(0.6, 0.0)), 0.1)
    assert (level, best["right"]) == ("0.50", 0.8)


def test_as_given_is_chosen_where_no_threshold_is_better():
    level, best = equally_careful(figures(t0_5=(0.5, 0.3), t0_8=(0.4, 0.0)), 0.4)
    assert (level, best["right"]) == ("as given", 0.5)


def test_there_may_be_none():
    assert equally_careful(figures(t0_5=(0.8, 0.3)), 0.1) is None


def test_folds_count_the_same_and_missing_shares_are_left_out():
    mean = averaged([figures(t0_5=(0.8, 0.3)), figures(t0_5=(0.6, None))])
    assert mean["at"]["0.5"] == {"right": 0.7, "false_answers": 0.3}
    assert averaged([figures(t0_5=(0.8, None))])["at"]["0.5"]["false_answers"] is None
    assert mean["questions"] == 20


def test_results_are_found_again_by_state_and_files_are_added_to_a_row(tmp_path):
    results = Results(tmp_path / "results.jsonl")
    results.add("ask", "ours", "full", "first", {"held_out": {"questions": 1}})
    results.add("ask", "ours", "full", "first", {"real": {"questions": 2}})
    again = Results(tmp_path / "results.jsonl")
    row = again.get("ask", "ours", "full", "first")
    assert row
    assert {"held_out", "real"} <= set(row)
    assert again.get("ask", "ours", "full", "second") is None
    assert again.get("ask", "stock", "full") is None


def test_results_of_an_earlier_state_are_not_mixed_in(tmp_path):
    results = Results(tmp_path / "results.jsonl")
    results.add("ask", "ours", "full", "first", {"held_out": {"questions": 1}})
    results.add("ask", "ours", "full", "second", {"real": {"questions": 2}})
    assert "held_out" not in results.get("ask", "ours", "full")


def test_tables_are_made_of_rows_of_the_present_state_alone(tmp_path):
    results = Results(tmp_path / "results.jsonl")
    results.add("ask", "ours", "full", "old", {"held_out": {"questions": 1}})
    results.add("ask", "stock", "full", "now", {"held_out": {"questions": 1}})
    current = results.current({"ours": "now", "stock": "now"})
    assert current.get("ask", "ours", "full") is None
    assert current.get("ask", "stock", "full")
