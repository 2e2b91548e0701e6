"""An infusion is a row of stretches at one rate, and its lines add up to the total."""

from decimal import Decimal

from kapnotes.domain.entries import Dose, Infusion, Route

KETAMINE = "ketamine"


def test_each_change_of_rate_ends_one_stretch_and_begins_the_next(script):
    script.add(Infusion(KETAMINE, Decimal("1")), 10)
    script.add(Infusion(KETAMINE, Decimal("0.5")), 30)
    script.add(Infusion(KETAMINE, Decimal(0)), 50)

    found = script.record.segments(script.stamp(120))

    assert [(one.infusion.rate_mg_per_min, one.amount_mg, one.is_running) for one in found] == [
        (1, 20, False),
        (Decimal("0.5"), 10, False),
    ]


def test_an_infusion_that_nobody_stopped_runs_until_the_moment_asked_about(script):
    script.add(Infusion(KETAMINE, Decimal("0.5")), 10)

    (found,) = script.record.segments(script.stamp(25))

    assert found.is_running
    assert found.stop == script.stamp(25)
    assert found.amount_mg == Decimal("7.5")


def test_what_happens_later_does_not_count_yet(script):
    script.add(Infusion(KETAMINE, Decimal("0.5")), 10)
    script.add(Infusion(KETAMINE, Decimal(0)), 30)
    script.add(Dose(KETAMINE, Decimal(20), Route.IM), 40)

    assert script.record.given_mg(script.stamp(20)) == 5
    assert script.record.segments(script.stamp(5)) == []


def test_the_total_is_the_sum_of_doses_and_stretches_without_rescue_drugs(script):
    script.add(Dose(KETAMINE, Decimal("61.25"), Route.IM), 5)
    script.add(Dose("ondansetron", Decimal(4), Route.IV, is_rescue=True), 6)
    script.add(Infusion(KETAMINE, Decimal("0.1")), 10)
    script.add(Infusion(KETAMINE, Decimal(0)), 15)

    assert script.record.given_mg(script.stamp(60)) == Decimal("61.75")


def test_stopping_what_does_not_run_gives_nothing(script):
    script.add(Infusion(KETAMINE, Decimal(0)), 10)

    assert script.record.segments(script.stamp(60)) == []
    assert script.record.given_mg(script.stamp(60)) == 0
