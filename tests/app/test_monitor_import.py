"""A monitor's file into a session on real files: what is kept, what is refused and why, and nothing twice."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import count, pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kapnotes.app.csv_file import MAX_LINE_BYTES
from kapnotes.app.live_session import LiveSession
from kapnotes.app.monitor_import import Choices, MonitorImport, TwoReadings, read_table
from kapnotes.app.pending import AT_ONCE
from kapnotes.app.presets import shipped_protocols
from kapnotes.app.signing import Signature
from kapnotes.app.worker import InlineWorker, ThreadWorker
from kapnotes.domain.clock import ManualClock
from kapnotes.domain.entries import Entry, Phase, Route, SessionOpened, Staffing, Stage, TakenBy, Vitals
from kapnotes.domain.errors import BadFile, KapnotesError, NotEntitled, SignedOff
from kapnotes.domain.limits import values_of
from kapnotes.domain.members import Member, Role
from kapnotes.domain.monitor_file import DayOrder, Meaning
from kapnotes.domain.record import Record

MONITOR = Path(__file__).parents[1] / "data" / "vitals-monitor.csv"
HEAD = "t_min,systolic_mmhg,diastolic_mmhg,heart_rate_bpm,spo2_percent,respiratory_rate_bpm\n"


class Desk:
    """A CRNA's session with its import, and the short words of a test."""

    def __init__(self, live, clock, folder, team=None):
        self.live, self.clock = live, clock
        if team is not None:
            self.house, self.therapist, self.crna, self.pad, _ = team
        self.folder = folder
        self.importing = MonitorImport(self.live, InlineWorker())
        self.progress = []

    def file(self, content, name="monitor.csv"):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def begin(self, minutes=60):
        """Give a dose now and let *minutes* pass."""
        self.live.log("dose 35 im hold no cuff")
        self.clock.advance(minutes * 60)

    def check(self, path, origin="", meanings=None, **choices):
        looked, checked = [], []
        self.importing.look(path, looked.append, _raise)
        chosen = meanings or looked[0].meanings
        said = Choices(origin, **choices)
        self.importing.check(looked[0], chosen, said, self.progress.append, checked.append, _raise)
        return checked[0] if checked else None

    def take(self, path, origin=""):
        return self.keep(self.check(path, origin))

    def keep(self, checked):
        kept = []
        self.importing.keep(checked, kept.append, _raise)
        return kept[0]

    def readings(self):
        return [(entry, vitals) for entry, vitals in self.live.record.of(Vitals)]


def _raise(error):
    raise error


def reasons(checked):
    return [(one.row, one.column, str(one.reason)) for one in checked.refused]


@pytest.fixture
def desk(tmp_path):
    """A session in memory: what is refused, and when something was, needs no disk."""
    clock, ids = ManualClock(datetime(2026, 3, 4, 13, 0, tzinfo=UTC)), count(1)
    preset = next(one for one in shipped_protocols() if one.protocol.name == "im")
    crna = Member("b" * 32, "C. Nurse", frozenset({Role.MEDICAL}))
    opened = SessionOpened("d" * 32, "K-0142", 3, Route.IM, Staffing.CRNA_ALONE, (), "im", preset.text)
    live = LiveSession(
        member=crna,
        scope_id="c" * 32,
        patient_id="d" * 32,
        record=Record([Entry("a" * 32, "c" * 32, crna.member_id, clock.now(), clock.now(), opened)]),
        now=clock.now,
        new_id=lambda: f"{next(ids):032x}",
        append=lambda written, patient_id: None,
        append_together=lambda compartment, entries, patient_id: None,
        submit=InlineWorker().submit,
        share=lambda source, written: None,
        heads=lambda scope_id, compartment: (),
    )
    return Desk(live, clock, tmp_path)


@pytest.fixture
def real(team, tmp_path):
    """Therapist and CRNA in one session of a real vault."""
    return Desk(team[4], team[0].clock, tmp_path, team)


# --------------------------------------------------------------------------------------------- real file


def test_the_thirty_two_hours_of_a_real_monitor_are_kept_at_their_own_times_as_the_monitors(real):
    real.begin(1936)

    checked = real.check(MONITOR)
    count = real.keep(checked)

    assert (count, checked.empty, checked.refused, checked.known) == (1936 - 41, 41, [], 0)
    readings = real.readings()
    assert len(readings) == 1895
    assert {vitals.taken_by for _, vitals in readings} == {TakenBy.MONITOR}
    at = {round(real.live.record.elapsed_s(entry.happened) / 60): vitals for entry, vitals in readings}
    assert (at[14].systolic_mmhg, at[14].diastolic_mmhg, str(at[14].heart_rate_bpm)) == (120, 72, "55.6")
    assert at[1389].heart_rate_bpm == Decimal("11.5")
    assert at[1389].unusual == ("heart rate 11.5 /min is unusual",)
    assert at[295].unusual == ("respiratory rate 2.0 /min is unusual",)
    assert 0 not in {minute for minute, vitals in at.items() if vitals.heart_rate_bpm is not None}


def test_the_same_file_again_adds_nothing_and_a_longer_one_only_what_is_new(desk):
    desk.begin(100)
    rows = MONITOR.read_text().splitlines(keepends=True)
    half = desk.file("".join(rows[:60]))
    whole = desk.file("".join(rows[:90]), "whole.csv")

    first = desk.take(half)
    desk.live.log("128/76 72")
    again = desk.check(half)

    assert (desk.keep(again), again.known) == (0, first)
    assert desk.take(whole) == len([row for row in rows[60:90] if row.strip("\n").strip("0123456789").strip(",")])
    assert desk.take(whole) == 0


def test_what_was_imported_is_on_the_disk_and_in_the_other_seat(real):
    real.begin(300)
    real.take(real.file(HEAD + "0,120,72,60,97,12\n1,,,61,97,12\n"))

    on_disk = real.house.on_disk(real.crna, real.live).of(Vitals)
    assert [vitals.heart_rate_bpm for _, vitals in on_disk] == [60, 61]
    assert [vitals.heart_rate_bpm for _, vitals in real.pad.record.of(Vitals)] == [60, 61]
    assert real.live.saving.unsaved == ()
    assert real.pad.saving.is_saved(on_disk[0][0].entry_id)


def test_an_import_whose_write_fails_waits_as_a_whole_and_is_written_as_a_whole(real, monkeypatch):
    real.begin()
    library = real.house.program.library
    path = real.file(HEAD + "0,120,72,60,97,12\n1,,,61,97,12\n")

    def refuse(*_, **__):
        raise KapnotesError("The disk cannot write.")

    with monkeypatch.context() as broken:
        broken.setattr(library, "append_all", refuse)
        assert real.take(path) == 2
        assert real.live.saving.at_risk_count == 2
        assert real.house.on_disk(real.crna, real.live).of(Vitals) == []
    real.live.retry()

    assert real.live.saving.unsaved == ()
    assert len(real.house.on_disk(real.crna, real.live).of(Vitals)) == 2


# --------------------------------------------------------------------------------------------- refusing


def test_a_row_that_cannot_be_kept_is_told_with_its_line_and_column_and_the_others_are_kept(desk):
    desk.begin(10)
    checked = desk.check(
        desk.file(
            HEAD + "0,120,72,60,97,12\n1,80,120,60,97,12\n2,,,=1+1,97,12\n3,,,60,101,12\n-90,,,60,97,12\n"
            "11,,,60,97,12\nx,,,60,97,12\n5,120,,60,97,12\n6,,,60\n7,,,11.5,97,2\n8,,,,,\n"
        )
    )

    assert reasons(checked) == [
        (3, "", "diastolic 120 is not below systolic 80; are they swapped?"),
        (4, "heart_rate_bpm", "is not a number; digits with a point, as in 98.2"),
        (5, "", "SpO₂ 101 is not possible (1 to 100 %)."),
        (6, "", "before the session began"),
        (7, "", "still to come"),
        (8, "t_min", "is not a number; digits with a point, as in 98.2"),
        (9, "", "A blood pressure needs systolic and diastolic, as in 128/76."),
        (10, "heart_rate_bpm", "4 cells where the header has 6"),
    ]
    assert ([one.row for one in checked.sets], checked.unusual, checked.empty) == ([2, 11], 1, 1)
    assert desk.keep(checked) == 2


def test_nothing_is_kept_of_what_is_only_looked_at(desk):
    desk.begin()
    desk.check(desk.file(HEAD + "0,120,72,60,97,12\n"))

    assert desk.readings() == []


def test_stopped_between_two_jobs_it_keeps_nothing(desk):
    desk.begin(1_000)
    path = desk.file(HEAD + "".join(f"{minute / 10},,,60,97,12\n" for minute in range(5_000)))
    table = read_table(path)
    checked = []

    def stop(done):
        desk.progress.append(done)
        desk.importing.stop()

    desk.importing.check(table, table.meanings, Choices(), stop, checked.append, _raise)

    assert (desk.progress, checked, desk.readings(), desk.importing.is_running) == ([2_000], [], [], False)


def test_a_therapist_without_the_medical_role_is_told_before_a_file_is_looked_at(real):
    with pytest.raises(NotEntitled, match="medical role"):
        MonitorImport(real.pad, InlineWorker()).require_may_keep()
    real.importing.require_may_keep()


# ------------------------------------------------------------------------------------------------ times


def test_minutes_count_from_the_first_dose_or_from_a_time_that_is_written(desk):
    path = desk.file(HEAD + "0,,,60,,\n")
    with pytest.raises(KapnotesError, match="no first dose yet"):
        desk.check(path)

    desk.clock.advance(600)
    desk.begin(30)
    by_dose, by_clock = desk.check(path).sets[0], desk.check(path, "13:05").sets[0]

    assert (by_dose.placed.position_s, by_clock.placed.position_s) == (600, 300)
    with pytest.raises(KapnotesError, match="is no time; write it as 14:05"):
        desk.check(path, "soon")
    with pytest.raises(KapnotesError, match="had not begun"):
        desk.check(path, "12:00")


@pytest.mark.parametrize(
    ("cell", "minute"),
    [
        ("13:10", 10),
        ("13:10:30", 10.5),
        ("1:10 PM", 10),
        ("2026-03-04 13:10", 10),
        ("2026-03-04T13:10:00.250", 10),
        ("4.3.2026 13:10", 10),
        ("2026-03-04T13:10:00Z", 10),
        ("2026-03-04T15:10:00+02:00", 10),
        ("13:00", 0),
    ],
)
def test_a_clock_is_read_as_it_stood_in_the_session(desk, cell, minute):
    desk.clock.advance(3600)
    checked = desk.check(desk.file(f"time,hr\n{cell},60\n"))

    assert [one.placed.position_s / 60 for one in checked.sets] == [minute]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("12:50", "before the session began"),
        ("14:01", "still to come"),
        ("2026-03-03 13:10", "before the session began"),
        ("2026-03-05 13:10", "still to come"),
        ("25:00", "is no time; 14:05:30, or 2026-03-04 14:05:30"),
        ("2026-02-30 13:10", "is no time; 14:05:30, or 2026-03-04 14:05:30"),
        ("13:10Z", "tells a zone and no day; 2026-03-04T14:05:30Z"),
        ("", "is no time; 14:05:30, or 2026-03-04 14:05:30"),
        ("\N{ARABIC-INDIC DIGIT ONE}1:02", "is no time; 14:05:30, or 2026-03-04 14:05:30"),
    ],
)
def test_a_time_that_was_not_in_the_session_is_refused(desk, cell, reason):
    desk.clock.advance(3600)
    checked = desk.check(desk.file(f"time,hr\n13:00,60\n{cell},61\n"))

    assert [text for _, _, text in reasons(checked)] == [reason]
    assert len(checked.sets) == 1


def test_a_clock_that_runs_backwards_is_refused_and_over_midnight_it_runs_on(desk):
    desk.clock.advance(14 * 3600)
    checked = desk.check(desk.file("time,hr\n13:10,60\n13:05,61\n23:59,62\n00:01,63\n"))

    assert [one.placed.position_s / 60 for one in checked.sets] == [10, 659, 661]
    assert [text for _, _, text in reasons(checked)] == ["this time runs backwards; sort the rows by time"]


def test_the_hour_that_the_end_of_summer_time_repeats_is_read_twice(desk):
    """The session begins at 13:00 and the clock goes back an hour at 14:00."""
    desk.clock.advance(1800)
    desk.live.keep(Phase(Stage.DOSING))
    desk.clock.advance(1800)
    desk.clock.change_offset(-60)
    desk.live.keep(Phase(Stage.RETURN))
    desk.clock.advance(3600)
    checked = desk.check(desk.file("time,hr\n13:10,60\n13:50,61\n13:10,62\n13:50,63\n14:00,64\n"))

    assert [one.placed.position_s / 60 for one in checked.sets] == [10, 50, 70, 110, 120]
    assert [one.placed.stamp.offset_min for one in checked.sets] == [0, 0, -60, -60, -60]


def test_an_hour_that_the_begin_of_summer_time_leaves_out_is_refused(desk):
    desk.clock.advance(3600)
    desk.clock.change_offset(60)
    desk.live.keep(Phase(Stage.DOSING))
    desk.clock.advance(3600)
    checked = desk.check(desk.file("time,hr\n13:50,60\n14:30,61\n15:10,62\n"))

    assert [one.placed.position_s / 60 for one in checked.sets] == [50, 70]
    assert [text for _, _, text in reasons(checked)] == ["the clock of this session never said so"]


# -------------------------------------------------------------------------------------------- the file


def test_semicolons_decimal_commas_kilopascals_and_fahrenheit_are_understood(desk):
    desk.begin()
    table = read_table(
        desk.file("\ufeffElapsed (min);NIBP Sys [kPa];NIBP Dia [kPa];Temp (°F);SpO₂;Room\n2,5;16,0;10,0;98,6;---;a\n")
    )

    assert table.meanings == (
        Meaning.T_MIN, Meaning.SYSTOLIC_KPA, Meaning.DIASTOLIC_KPA, Meaning.TEMPERATURE_F, Meaning.SPO2, Meaning.UNUSED
    )  # fmt: skip
    vitals = desk.check(desk.folder / "monitor.csv").sets[0].vitals
    assert (vitals.systolic_mmhg, vitals.diastolic_mmhg, vitals.temperature_c) == (120, 75, Decimal("37.0"))
    assert vitals.spo2_percent is None


def test_a_file_without_a_header_waits_for_the_meaning_of_its_columns(desk):
    desk.begin()
    path = desk.file("0,72\n1,73\n")

    assert read_table(path).meanings == (Meaning.UNUSED, Meaning.UNUSED)
    with pytest.raises(KapnotesError, match="No column tells the time"):
        desk.check(path)
    checked = desk.check(path, meanings=(Meaning.T_MIN, Meaning.HEART_RATE))
    assert [one.vitals.heart_rate_bpm for one in checked.sets] == [72, 73]


@pytest.mark.parametrize(
    ("meanings", "says"),
    [
        ((Meaning.T_MIN, Meaning.CLOCK, Meaning.SPO2), "Two columns tell the time"),
        ((Meaning.T_MIN, Meaning.UNUSED, Meaning.UNUSED), "No column holds a reading"),
        ((Meaning.T_MIN, Meaning.SYSTOLIC, Meaning.SYSTOLIC_KPA), "Two columns hold the systolic"),
    ],
)
def test_columns_that_cannot_be_so_are_told(desk, meanings, says):
    desk.begin()
    with pytest.raises(KapnotesError, match=says):
        desk.check(desk.file("a,b,c\n1,2,3\n"), meanings=meanings)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no row of readings"),
        (b"t_min,hr\n", "no row of readings"),
        (b"t_min,hr\n0," + b"1" * (10 * 1024 * 1024), "row 2, column hr: longer than 1 MiB"),
        (b"1" * (10 * 1024 * 1024), "row 1"),
        (b"t_min,hr\n0,7\x000\n", "NUL byte"),
        (b"\x7fELF\x02\x01\x01\x00\x00\x00", "NUL byte|not UTF-8"),
        ("t_min,hr\n0,72\n".encode("utf-16"), "not UTF-8"),
        ("t_min,hr,wörter\n0,72,x\n".encode("latin-1"), "row 1: not UTF-8"),
        (b't_min,hr\n0,"72\n', "never closed"),
        (b"t_min,hr\n" + b"0,72\n" * 100_002, "more than 100000 rows"),
    ],
)
def test_what_is_no_table_of_readings_gives_one_clear_line(desk, content, says):
    with pytest.raises(BadFile, match=says) as told:
        read_table(desk.file(content))
    assert "\n" not in str(told.value)
    assert len(str(told.value)) < 300


def test_a_file_that_is_not_there_gives_one_clear_line(desk):
    with pytest.raises(BadFile, match="cannot be read"):
        read_table(desk.folder / "none.csv")
    with pytest.raises(BadFile, match="cannot be read"):
        read_table(desk.folder)


CELLS = st.one_of(
    st.sampled_from(
        ["", "0", "72", "1,5", "-3", "=cmd|'/c calc'!A0", "@SUM(1)", "nan", "1e9", "14:05", "--", "120/80"]
    ),
    st.text(max_size=12),
    st.integers(-10_000, 10_000).map(str),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=6), st.sampled_from(",;\t"))
def test_any_cells_are_kept_refused_with_a_line_or_hold_nothing(desk, rows, delimiter):
    if desk.live.record.first_dose is None:
        desk.begin(120)
    text = delimiter.join(["t_min", "hr"]) + "\n" + "\n".join(delimiter.join(row) for row in rows)
    path = desk.folder / "any.csv"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        table = read_table(path)
    except BadFile as told:
        assert "\n" not in str(told)  # noqa: PT017 - either of two outcomes is right
        return
    checked = desk.check(path, meanings=(Meaning.T_MIN, Meaning.HEART_RATE, *table.meanings[2:]))
    counted = len(checked.sets) + len(checked.refused) + checked.empty + checked.known
    assert counted == len(table.rows)
    assert all("\n" not in str(one.reason) for one in checked.refused)


def test_a_line_may_be_as_long_as_is_said(desk):
    desk.begin()
    path = desk.file(f'time,hr,text\n13:00,60,"{"x" * (MAX_LINE_BYTES - 100)}"\n')

    assert len(desk.check(path).sets) == 1


# ------------------------------------------------------------------------------------------------- choices


def test_an_impossible_value_is_left_out_where_that_is_chosen_and_its_reading_says_so(desk):
    desk.begin()
    path = desk.file(HEAD + "1,120,72,600,97,12\n2,80,120,61,97,12\n3,,,,400,\n4,120,72,##,97,12\n")
    assert [one.row for one in desk.check(path).refused] == [2, 3, 4, 5]

    checked = desk.check(path, leaves_out_values=True)

    kept = [(one.row, values_of(one.vitals).keys(), one.vitals.unusual) for one in checked.sets]
    rest = {"spo2_percent", "respiratory_rate_bpm"}
    pressures = {"systolic_mmhg", "diastolic_mmhg"}
    assert kept == [
        (2, rest | pressures, ("heart rate left out: not possible",)),
        (3, rest | {"heart_rate_bpm"}, ("systolic left out: not possible", "diastolic left out: not possible")),
        (5, rest | pressures, ("heart rate left out: not possible",)),
    ]
    assert [(one.row, one.column) for one in checked.left_out] == [
        (2, "heart_rate_bpm"), (3, "systolic_mmhg"), (3, "diastolic_mmhg"), (5, "heart_rate_bpm"),
    ]  # fmt: skip
    assert [one.row for one in checked.refused] == [4]
    assert desk.keep(checked) == 3


@pytest.mark.parametrize(
    ("days", "order", "read"),
    [
        (("13/3/2026", "4/3/2026"), None, True),  # the 13 tells
        (("3/13/2026", "3/4/2026"), None, True),
        (("4/3/2026",), DayOrder.DAY_FIRST, True),
        (("3/4/2026",), DayOrder.MONTH_FIRST, True),
        (("4/3/2026",), DayOrder.MONTH_FIRST, False),  # that was in April
        (("13/3/2026", "3/4/2026"), DayOrder.MONTH_FIRST, False),  # the file tells another order than was chosen
    ],
)
def test_a_day_with_slashes_is_read_as_the_file_tells_or_as_was_chosen(desk, days, order, read):
    desk.begin()
    rows = "".join(f"{day} 13:{minute:02},60\n" for minute, day in enumerate(days, 30))

    checked = desk.check(desk.file("time,hr\n" + rows), order=order)

    assert bool(checked.sets) is read


def test_a_day_that_can_be_read_in_two_ways_asks_for_the_order(desk):
    desk.begin()

    with pytest.raises(TwoReadings, match="4/3/2026 can be read as day/month or as month/day"):
        desk.check(desk.file("time,hr\n4/3/2026 13:30,60\n"))
    with pytest.raises(KapnotesError, match="write them alike"):
        desk.check(desk.file("time,hr\n13/3/2026 13:30,60\n3/13/2026 13:31,60\n"))
    assert len(desk.check(desk.file("time,hr\n3/3/2026 13:30,60\n")).refused) == 1  # the day before


def test_a_record_that_is_signed_while_a_file_is_made_ready_takes_none_of_it(real):
    real.begin(30)
    checked = real.check(real.file(HEAD + "0,120,72,60,97,12\n1,,,61,97,12\n"))

    class SignsFirst(InlineWorker):
        def submit(self, job, done, failed):
            made = job()
            real.live.signing.sign(Signature("C. Nurse", "CRNA", "mine"), [].append, _raise)
            done(made)

    heard = []
    MonitorImport(real.live, SignsFirst()).keep(checked, heard.append, heard.append)

    assert [type(one) for one in heard] == [SignedOff]
    assert real.readings() == []


def test_many_go_into_the_record_a_few_at_a_time_and_their_news_comes_once(desk):
    desk.begin(1936)
    checked, turns, news = desk.check(MONITOR), [], []
    desk.live.entries_added.add(lambda entries: news.append(len(entries)))

    class Counting(InlineWorker):
        def submit(self, job, done, failed):
            turns.append(len(desk.readings()))
            super().submit(job, done, failed)

    done = []
    MonitorImport(desk.live, Counting()).keep(checked, done.append, _raise)

    assert max(after - before for before, after in pairwise(turns)) == AT_ONCE
    assert (news, done, len(desk.readings())) == ([1895], [1895], 1895)


def test_a_check_that_was_given_up_is_not_told_to_have_failed(desk):
    desk.begin()
    table = read_table(desk.file("t_min,heart_rate_bpm\n1,60,fast\n"))
    told = []
    worker = ThreadWorker("rows", told.append, desk.clock)
    importing = MonitorImport(desk.live, worker)
    of_another_file = (*table.meanings, Meaning.SPO2)

    def failed(error):
        raise error

    importing.check(table, of_another_file, Choices(), desk.progress.append, told.append, failed)
    importing.stop()
    worker.close()

    (outcome,) = told
    assert outcome.args[-1].args == ("tuple index out of range",)
    outcome()
