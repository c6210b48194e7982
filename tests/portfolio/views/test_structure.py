"""Forms of portfolios, programs, projects and the health policy."""

import pytest
from django.test import Client

from pmo_portal.accounts.choices import Role
from pmo_portal.audit.models import AuditEntry
from portfolio.models import HealthPolicy, Portfolio, Program
from portfolio.selectors.policies import policy_in_force
from portfolio.services.structure import create_portfolio
from projects.models import Project
from tests.factories import grant, user
from tests.portfolio.views.boards import build_board, paula
from tests.portfolio.views.test_dashboards import words

pytestmark = pytest.mark.django_db


def test_portfolio_is_created_below_another(client: Client) -> None:
    """ORG-1: portfolios form a tree."""
    above = create_portfolio(actor=None, code="TOP", name="Top")
    client.force_login(paula(above))

    response = client.post(
        "/portfolio/new/",
        {"code": "SUB", "name": "Sub", "parent": above.pk, "reporting_currency": "EUR"},
    )

    made = Portfolio.objects.get(code="SUB")
    assert response["Location"] == "/portfolio/p/SUB/"
    assert made.parent == above
    assert AuditEntry.objects.filter(action="portfolio.created").count() == 2


def test_stale_edit_of_a_portfolio_shows_the_other_change(client: Client) -> None:
    """XC-1: a stale save never overwrites."""
    portfolio = create_portfolio(actor=None, code="TOP", name="Top")
    client.force_login(paula(portfolio))
    Portfolio.objects.filter(pk=portfolio.pk).update(name="Theirs", version=2)

    response = client.post(
        "/portfolio/p/TOP/edit/", {"name": "Mine", "reporting_currency": "EUR", "version": 1}
    )

    assert response.status_code == 422
    assert "Theirs" in words(response)
    assert Portfolio.objects.get().name == "Theirs"


def test_program_of_a_foreign_portfolio_is_refused(client: Client) -> None:
    """SEC-11: a portfolio outside the person's scope is no valid choice."""
    own, foreign = (create_portfolio(actor=None, code=code, name=code) for code in ("OWN", "FOREIGN"))
    max_ = user("Max")
    grant(max_, Role.PORTFOLIO_MANAGER, own.node)
    client.force_login(max_)

    response = client.post(
        "/portfolio/programs/new/", {"code": "P", "name": "Program", "portfolio": foreign.pk}
    )

    assert response.status_code == 422
    assert Program.objects.count() == 0


def test_project_is_created_in_its_home(client: Client) -> None:
    """ORG-2: a project has one home; money and health roll up along it."""
    portfolio = create_portfolio(actor=None, code="TOP", name="Top")
    client.force_login(paula(portfolio))

    response = client.post(
        "/portfolio/projects/new/",
        {
            "name": "Bridge",
            "home": "portfolio:TOP",
            "tier": "T3",
            "report_cycle": "MONTHLY",
            "currency": "EUR",
        },
    )

    made = Project.objects.get(name="Bridge")
    assert response["Location"] == made.get_absolute_url()
    assert made.component.portfolio == portfolio


def test_project_in_a_foreign_home_is_refused(client: Client) -> None:
    """SEC-11: a portfolio without the right to create projects is no valid choice."""
    own, _foreign = (create_portfolio(actor=None, code=code, name=code) for code in ("OWN", "FOREIGN"))
    max_ = user("Max")
    grant(max_, Role.PORTFOLIO_MANAGER, own.node)
    client.force_login(max_)

    response = client.post(
        "/portfolio/projects/new/",
        {
            "name": "Bridge",
            "home": "portfolio:FOREIGN",
            "tier": "T3",
            "report_cycle": "MONTHLY",
            "currency": "EUR",
        },
    )

    assert response.status_code == 422
    assert Project.objects.count() == 0


def policy_fields(client: Client) -> dict[str, str]:
    """Return the form of the policy as it is shown."""
    form = client.get("/portfolio/policy/edit/").context["form"]
    return {name: str(form[name].value() or 0) for name in form.fields} | {"reason": "Stricter from now on"}


def test_limits_are_named_in_the_language_of_the_reader(client: Client) -> None:
    """With the side that is good and the unit; the detail page and the form say the same."""
    client.force_login(build_board(keys=("P1",)).paula)

    page = client.get("/portfolio/policy/edit/", headers={"accept-language": "de"})

    rows = {row["code"]: (str(row["name"]), row["hint"]) for row in page.context["form"].limit_rows}
    assert rows["HS1"] == ("Terminverzug", "höchstens, %")
    assert rows["HC2"] == ("CPI", "mindestens")
    assert rows["HC3"][1] == "höchstens, 1 sind 100\xa0%"
    assert rows["HG2"][1] == "höchstens, Tage"


def test_new_policy_counts_and_is_audited(client: Client) -> None:
    """HLT-11: the PMO head publishes the next version with a reason."""
    client.force_login(build_board(keys=("P1",)).paula)
    fields = policy_fields(client) | {"green_HS1": "3"}

    response = client.post("/portfolio/policy/edit/", fields)

    newest = HealthPolicy.objects.order_by("-version")[0]
    rule = policy_in_force(None, newest.effective_from).rules.indicator("HS1")
    assert response.status_code == 302
    assert newest.version == 2
    assert rule is not None
    assert str(rule.green_limit) == "3"
    assert AuditEntry.objects.filter(action="policy.published").count() == 1


def test_faulty_policy_is_refused_beside_the_field(client: Client) -> None:
    """HLT-11: limits must be ordered and weights sum to 100."""
    client.force_login(build_board(keys=("P1",)).paula)
    fields = policy_fields(client) | {"green_HS1": "20", "weight_COST": "30"}

    response = client.post("/portfolio/policy/edit/", fields)

    errors = response.context["form"].errors
    assert response.status_code == 422
    assert set(errors) == {"green_HS1", "weight_SCHEDULE"}
    assert HealthPolicy.objects.filter(version=2).count() == 0
    assert AuditEntry.objects.filter(action="policy.published").count() == 0


def test_policy_page_shows_rules_in_words(client: Client) -> None:
    """Domain 11.1: version 1 as shipped."""
    client.force_login(build_board(keys=("P1",)).paula)

    page = words(client.get("/portfolio/policy/"))

    assert "HS1 Finish slip ≤ 5 % ≤ 15 %" in page
    assert "version 1 · in force" in page
