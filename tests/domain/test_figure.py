"""A sketch keeps its labels apart and within; the estimate of a text's width errs on the wide side."""

from kapnotes.domain.figure import Anchor, Label, Role, Sketch, text_width


def test_a_label_that_would_cover_another_is_left_out():
    sketch = Sketch(200, 100)

    assert sketch.label(10, 50, "ondansetron 4 mg", 8)
    assert not sketch.label(30, 52, "midazolam 1 mg", 8)
    assert [shape.text for shape in sketch.figure().shapes] == ["ondansetron 4 mg"]


def test_a_label_that_does_not_fit_into_the_rectangle_is_left_out():
    sketch = Sketch(60, 40)

    assert not sketch.label(50, 20, "far too long", 8)
    assert not sketch.label(30, 39.5, "low", 8, Anchor.MIDDLE)
    assert not sketch.label(2, 20, "left", 8, Anchor.END)
    assert not sketch.label(20, 20, "", 8)
    assert sketch.figure().shapes == ()


def test_the_anchor_says_which_end_of_the_text_stands_at_x():
    sketch = Sketch(100, 20)

    assert sketch.label(99, 15, "abc", 8, Anchor.END, Role.TEXT_DIM)
    assert sketch.label(40, 15, "abc", 8, Anchor.MIDDLE)
    assert sketch.figure().shapes[0] == Label(99, 15, "abc", 8, Anchor.END, Role.TEXT_DIM)


def test_a_place_that_is_kept_free_takes_no_label():
    sketch = Sketch(100, 20)
    sketch.keep_free(0, 0, 50, 20)

    assert not sketch.label(10, 15, "abc", 8)
    assert sketch.label(60, 15, "abc", 8)


def test_wide_signs_count_as_wide_and_marks_as_nothing():
    assert text_width("全", 10) > text_width("w", 10) > text_width("a", 10) > text_width("i", 10)
    assert text_width("e\u0301", 10) == text_width("e", 10)
