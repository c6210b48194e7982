"""The fingerprint of a project's inputs: same inputs, same text, whatever the order (SEC-37)."""

from dataclasses import replace
from hashlib import sha256

from portfolio.rollup.codec import canonical_json
from portfolio.rollup.facts import ProjectFacts

#: Raised when the rules in code give another result for the same inputs and policy.
ALGORITHM_VERSION = 1


def canonical_inputs(facts: ProjectFacts, policy_version: int) -> str:
    """
    Return the canonical JSON of everything the result depends on, besides the date.

    Mappings are sorted by key and record links by kind, id and label; decimals have one text form,
    so 1, 1.0 and 1.00 are the same input.
    """
    ordered = {code: tuple(sorted(set(refs))) for code, refs in facts.records.items() if refs}
    return canonical_json(
        {
            "algorithm": ALGORITHM_VERSION,
            "policy_version": policy_version,
            "facts": replace(facts, records=ordered),
        }
    )


def input_hash(facts: ProjectFacts, policy_version: int) -> str:
    """Return the SHA-256 of the canonical inputs as 64 hexadecimal digits."""
    return sha256(canonical_inputs(facts, policy_version).encode("ascii")).hexdigest()
