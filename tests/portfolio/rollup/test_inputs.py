"""The fingerprint of inputs (SEC-37, HLT-5)."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.rollup.facts import Declaration, ProjectFacts, RecordRef
from portfolio.rollup.inputs import canonical_inputs, input_hash
from portfolio.rollup.vocabulary import Color, Dimension
from projects.engine.measure import Reason
from tests.portfolio.rollup.examples import dec, facts, p1, p2
from tests.portfolio.rollup.strategies import projects

ROOT = Path(__file__).resolve().parents[3]


def test_order_of_mappings_and_records_does_not_matter():
    """SEC-37: same inputs, same bytes."""
    refs = (RecordRef("task", "1", "A"), RecordRef("task", "2", "B"))
    declared = {Dimension.COST: Declaration(Color.RED), Dimension.RISK: Declaration(Color.AMBER)}
    missing = {"HR1": Reason.INSUFFICIENT_DATA, "HB2": Reason.NOT_PLANNED_YET}
    one = replace(facts(declared=declared), missing=missing, records={"HS3": refs, "HR2": refs})
    other = replace(
        facts(declared=dict(reversed(declared.items()))),
        missing=dict(reversed(missing.items())),
        records={"HR2": refs[::-1], "HS3": refs[::-1]},
    )

    assert canonical_inputs(one, 1) == canonical_inputs(other, 1)
    assert input_hash(one, 1) == input_hash(other, 1)


def test_form_of_a_number_does_not_matter():
    """SEC-37: 2000, 2000.00 and 2E+3 are the same amount."""
    hashes = {input_hash(facts(bac=text), 1) for text in ("2000", "2000.00", "2E+3")}

    assert len(hashes) == 1


def test_every_change_of_input_or_policy_shows():
    """HLT-5: changed inputs make a new revision."""
    base = p1()
    variants = [
        input_hash(base, 1),
        input_hash(base, 2),
        input_hash(p2(), 1),
        input_hash(replace(base, has_baseline=False), 1),
        input_hash(replace(base, cost=replace(base.cost, ac=dec("1000.01"))), 1),
        input_hash(replace(base, cost=replace(base.cost, ac=None)), 1),
        input_hash(replace(base, records={"HS3": (RecordRef("task", "1"),)}), 1),
    ]

    assert len(set(variants)) == len(variants)


@settings(deadline=None)
@given(given_facts=projects, version=st.integers(1, 9))
def test_hash_survives_storage(given_facts, version):
    """SEC-37: facts read back from JSON have the same fingerprint."""
    again = ProjectFacts.from_dict(json.loads(json.dumps(given_facts.to_dict())))

    assert input_hash(again, version) == input_hash(given_facts, version)


def test_hash_is_the_same_in_another_process_and_time_zone():
    """SEC-37: another machine, time zone and hash seed give the same 64 digits."""
    code = (
        "from tests.portfolio.rollup.examples import p1;"
        "from portfolio.rollup.inputs import input_hash;"
        "print(input_hash(p1(), 1))"
    )

    def run(zone: str, seed: str) -> str:
        environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    assert {run("Asia/Tokyo", "1"), run("America/Lima", "2")} == {input_hash(p1(), 1)}
