"""What the address of the baselines page asks for."""

from collections.abc import Sequence

from django.http import QueryDict

from projects.selectors.plan_versions import PLAN, Version


def asked_versions(query: QueryDict, versions: Sequence[Version]) -> tuple[Version, Version] | None:
    """
    Return the earlier and the later version to compare; None where the plan has no baseline yet.

    Without a choice the plan is compared with the current baseline.
    """
    by_key = {version.key: version for version in versions}
    baselines = [version for version in versions if version.key != PLAN]
    if not baselines:
        return None
    current = next((version for version in baselines if version.is_current), baselines[0])
    before = by_key.get(query.get("before", ""), current)
    after = by_key.get(query.get("after", ""), by_key[PLAN])
    return before, after
