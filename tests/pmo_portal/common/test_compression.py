"""Which answers are compressed, and which never are, whatever a browser accepts (SEC-27)."""

import gzip

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client

from pmo_portal.common.compression import Compression
from tests import factories

LONG = "A plan of a thousand rows. " * 200
OWN = {"HTTP_ACCEPT_ENCODING": "gzip", "HTTP_SEC_FETCH_SITE": "same-origin"}


def _answer(response: HttpResponse, *, path: str = "/projects/ALPHA/plan/", **headers: str) -> HttpResponse:
    request = HttpRequest()
    request.path = path
    request.META = headers
    if "cookie" in headers:
        request.COOKIES = {"__Host-session": headers.pop("cookie")}
    return Compression(lambda _request: response)(request)


def _is_small(response: HttpResponse) -> bool:
    return response.headers.get("Content-Encoding") == "gzip"


@pytest.mark.parametrize("asked_by", ["same-origin", "none"])
def test_answer_to_the_person_or_an_own_page_is_compressed(asked_by: str) -> None:
    response = _answer(
        HttpResponse(LONG), HTTP_ACCEPT_ENCODING="gzip, br", HTTP_SEC_FETCH_SITE=asked_by, cookie="s"
    )

    assert _is_small(response)
    assert gzip.decompress(response.content).decode() == LONG
    assert len(response.content) < 400
    assert {part.strip() for part in response.headers["Vary"].split(",")} == {
        "Accept-Encoding",
        "Sec-Fetch-Site",
    }


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_SEC_FETCH_SITE": "same-site"},
        {"HTTP_SEC_FETCH_SITE": ""},
        {},
        {"HTTP_AUTHORIZATION": "Token abc", "cookie": "s"},
    ],
)
def test_answer_another_site_may_have_caused_is_not_compressed(headers: dict[str, str]) -> None:
    response = _answer(HttpResponse(LONG), HTTP_ACCEPT_ENCODING="gzip", **headers)

    assert not _is_small(response)
    assert response.content.decode() == LONG
    assert "Sec-Fetch-Site" in response.headers["Vary"]


def test_program_with_its_token_gets_compressed_answers() -> None:
    json = HttpResponse(LONG, content_type="application/json")

    response = _answer(json, HTTP_ACCEPT_ENCODING="gzip", HTTP_AUTHORIZATION="Token abc")

    assert _is_small(response)


@pytest.mark.parametrize("path", ["/accounts/2fa/totp/activate/", "/accounts/tokens/", "/administration/x/"])
def test_page_with_secrets_is_never_compressed(path: str) -> None:
    assert not _is_small(_answer(HttpResponse(LONG), path=path, **OWN))


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse("short"),
        HttpResponse(LONG, content_type="application/vnd.ms-excel"),
        HttpResponse(LONG, content_type="text/csv"),
        StreamingHttpResponse([LONG]),
    ],
)
def test_files_streams_and_short_answers_stay_as_they_are(response: HttpResponse) -> None:
    answer = _answer(response, **OWN)

    assert not _is_small(answer)
    assert "Vary" not in answer.headers


def test_same_answer_has_another_length_each_time() -> None:
    lengths = {len(_answer(HttpResponse(LONG), **OWN).content) for _time in range(40)}

    assert len(lengths) > 5


@pytest.mark.django_db
@pytest.mark.once
def test_plan_page_and_its_data_arrive_compressed_and_keep_their_tag() -> None:
    project = factories.project("P-1")
    for number in range(30):
        factories.task(project, f"Task {number}")
    client = Client(headers={"Accept-Encoding": "gzip", "Sec-Fetch-Site": "same-origin"})
    client.force_login(factories.manager_of(project))

    page = client.get("/projects/P-1/plan/")
    data = client.get("/api/v1/projects/P-1/plan/")
    again = client.get("/api/v1/projects/P-1/plan/", headers={"If-None-Match": data.headers["ETag"]})

    assert [_is_small(page), _is_small(data)] == [True, True]
    assert data.headers["ETag"].startswith('W/"')
    assert again.status_code == 304
