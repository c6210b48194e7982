"""What waits for a person's decision, kind by kind; each kind is a fixed number of queries."""

from portfolio.selectors.waiting.everything import waiting_for
from portfolio.selectors.waiting.line import Waiting

__all__ = ["Waiting", "waiting_for"]
