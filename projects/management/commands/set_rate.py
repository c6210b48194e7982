"""Set an exchange rate from the shell."""

from argparse import ArgumentParser
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from pmo_portal.common.errors import DomainError
from pmo_portal.common.management.arguments import iso_date
from projects.choices import FxKind
from projects.services.rates import set_rate


class Command(BaseCommand):
    """``set_rate GBP EUR 1.17 [--from YYYY-MM-DD] [--kind BUDGET|SPOT|AVERAGE]``."""

    help = "Set what one unit of a currency is worth in another from a day on; the next roll-up uses it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the pair, the rate and its day."""
        parser.add_argument("source", type=str.upper, help="such as GBP")
        parser.add_argument("target", type=str.upper, help="such as EUR")
        parser.add_argument("rate", help="such as 1.17")
        parser.add_argument("--from", dest="valid_from", type=iso_date, help="YYYY-MM-DD; today without it")
        parser.add_argument("--kind", choices=FxKind.values, default=FxKind.BUDGET)

    def handle(self, *args: Any, **options: Any) -> None:
        """Set the rate and say so in one line."""
        try:
            rate = Decimal(options["rate"])
        except InvalidOperation:
            raise CommandError(f"{options['rate']} is not a number such as 1.17.") from None
        pair = {name: options[name] for name in ("source", "target", "kind")}
        try:
            found = set_rate(
                actor=None, rate=rate, valid_from=options["valid_from"] or timezone.localdate(), **pair
            )
        except DomainError as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"1 {found.source} = {found.rate} {found.target} from {found.date} ({found.kind}).")
