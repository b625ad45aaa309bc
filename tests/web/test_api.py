"""The interface for programs: tokens, scopes, revisions, errors, files, calendar; the same rules as pages."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from typing import Any

import delivery_objects
import icalendar
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from web_world import World

from luoshi_web.api import tokens
from luoshi_web.api.calendar import last_day
from luoshi_web.api.models import Token
from luoshi_web.api.rooms.tables import TABLES
from luoshi_web.audit.models import AuditEvent
from luoshi_web.audit.services import Refused, maintenance
from luoshi_web.library.models import Job
from luoshi_web.register.models import Commitment

V1 = "/api/v1"


class Program:
    """A program with a token."""

    def __init__(self, secret: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def ask(self, method: str, path: str, data: Any = None, **headers: str) -> tuple[int, Any]:
        """Status and answer."""
        body = json.dumps(data) if data is not None else ""
        response = self.client.generic(method, V1 + path, body, "application/json", headers=headers)
        return response.status_code, json.loads(content(response))


@pytest.fixture
def program(world: World) -> Any:
    """Makes a program that acts for an account within scopes."""

    def make(who: str, *scopes: str, **told: Any) -> Program:
        return Program(tokens.make(by=world.accounts[who], name="测试程序", scopes=scopes, **told)[1])

    return make


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


# --- tokens ----------------------------------------------------------------------------------


def test_token_is_shown_once_and_kept_as_a_hash(world: World) -> None:
    client = world.client("reviewer-city")
    page = client.post(
        reverse("access:make"), {"name": "统计程序", "scope": ["register:read", "search:read"], "days": "30"}
    )
    token = Token.objects.get()
    secret = page.context["secret"]
    assert secret.startswith("luoshi_") and secret in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert secret not in client.get(reverse("access:tokens")).content.decode()
    assert token.digest == tokens.digest(secret) and secret not in json.dumps(
        list(Token.objects.values()), default=str
    )
    assert not AuditEvent.objects.filter(after__contains=secret).exists()
    assert AuditEvent.objects.get(action="api.token.make").actor == "reviewer-city"
    assert Program(secret).ask("GET", "/commitments")[0] == 200
    token.refresh_from_db()
    assert token.used_on == date.today()


def test_scopes(world: World, program: Any) -> None:
    reader = program("reviewer-city", "register:read")
    assert reader.ask("GET", "/commitments")[0] == 200
    path = f"/commitments/{world.commitment.pk}"
    status, problem = reader.ask("PATCH", path, {"revision": 1, "text": "新"})
    assert (status, problem["scope"]) == (403, "register:write")
    assert reader.ask("GET", "/documents")[0] == 403
    assert reader.ask("GET", "/me")[0] == 403
    rows = reader.ask("GET", "/tables/commitments?format=json")[1]
    assert [r["编号"] for r in rows] == [world.commitment.pk]
    assert reader.ask("GET", "/tables/documents")[0] == 403
    assert reader.ask("GET", "/tables")[0] == 200


def test_a_token_does_no_more_than_its_account(world: World, program: Any) -> None:
    viewer = program("viewer-county", "register:read", "register:write", "audit:read")
    assert viewer.ask("GET", f"/commitments/{world.commitment.pk}")[0] == 200
    assert viewer.ask("PATCH", f"/commitments/{world.commitment.pk}", {"revision": 1, "text": "新"})[0] == 403
    assert viewer.ask("GET", "/audit/events")[0] == 403
    other = program("reviewer-other", "register:read", "register:write")
    assert other.ask("GET", f"/commitments/{world.commitment.pk}")[0] == 404
    assert other.ask("GET", "/commitments")[1]["count"] == 0


def test_dead_tokens(world: World, program: Any) -> None:
    account = world.accounts["viewer-city"]
    token, secret = tokens.make(by=account, name="旧", scopes=["library:read"])
    assert Program(secret).ask("GET", "/documents")[0] == 200
    with maintenance("test"):
        Token.objects.filter(pk=token.pk).update(expires=date.today() - timedelta(days=1))
        assert Program(secret).ask("GET", "/documents")[0] == 401
        Token.objects.filter(pk=token.pk).update(expires=date.today())
        assert Program(secret).ask("GET", "/documents")[0] == 200
        type(account).objects.filter(pk=account.pk).update(is_active=False)
        assert Program(secret).ask("GET", "/documents")[0] == 401
        type(account).objects.filter(pk=account.pk).update(is_active=True, must_change_password=True)
        assert Program(secret).ask("GET", "/documents")[0] == 401
        type(account).objects.filter(pk=account.pk).update(must_change_password=False)
    client = world.client("viewer-city")
    assert world.client("viewer-county").post(reverse("access:revoke", args=[token.pk])).status_code == 404
    assert client.post(reverse("access:revoke", args=[token.pk])).status_code == 302
    assert Program(secret).ask("GET", "/documents")[0] == 401
    assert client.post(reverse("access:revoke", args=[token.pk])).status_code == 302  # twice does no harm
    for wrong in ("", "luoshi_", "x" * 5000, "令牌", secret[:-1]):
        assert Client(headers={"Authorization": f"Bearer {wrong}".encode().decode("latin-1")}).get(
            V1 + "/documents"
        ).status_code == 401  # fmt: skip


@pytest.mark.parametrize(
    "told",
    [
        {"name": "", "scopes": ["library:read"]},
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["root"]},
        {"name": "x", "scopes": ["library:read"], "days": 0},
        {"name": "x", "scopes": ["library:read"], "days": 9999},
    ],
)
def test_tokens_that_are_not_made(world: World, told: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        tokens.make(by=world.accounts["viewer-city"], **told)
    assert not Token.objects.exists()


def test_at_most_twenty(world: World) -> None:
    by = world.accounts["viewer-city"]
    for i in range(tokens.MOST):
        tokens.make(by=by, name=f"令牌{i}", scopes=["library:read"])
    with pytest.raises(Refused):
        tokens.make(by=by, name="再一个", scopes=["library:read"])


def test_a_session_works_too_but_writes_need_its_csrf_token(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(
        world.accounts["reviewer-city"], backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert client.get(V1 + "/me").json()["username"] == "reviewer-city"
    url = f"{V1}/commitments/{world.commitment.pk}"
    body = {"text": "新", "revision": world.commitment.revision}
    assert client.patch(url, json.dumps(body), "application/json").status_code == 403
    world.commitment.refresh_from_db()
    assert world.commitment.text != "新"


# --- reading and writing ---------------------------------------------------------------------


def test_revisions(world: World, program: Any) -> None:
    p = program("reviewer-city", "register:read", "register:write")
    path = f"/commitments/{world.commitment.pk}"
    response = p.client.get(V1 + path)
    assert response["ETag"] == f'"{response.json()["revision"]}"'
    assert p.ask("PATCH", path, {"text": "改造泵站"})[0] == 428
    status, now = p.ask("PATCH", path, {"text": "改造泵站"}, **{"If-Match": response["ETag"]})
    assert (status, now["text"], now["quote"]) == (200, "改造泵站", world.commitment.quote)
    status, problem = p.ask("PATCH", path, {"text": "再改", "revision": response.json()["revision"]})
    assert (status, problem["revision"]) == (409, now["revision"])
    assert "reviewer city" in problem["detail"]
    event = AuditEvent.objects.get(action="register.commitment.change")
    assert (event.actor, json.loads(event.after)["text"]) == ("reviewer-city", "改造泵站")
    assert p.ask("GET", path + "/history")[1][0]["fields"][0][2] == "改造泵站"


def test_review_by_program(world: World, program: Any) -> None:
    p = program("reviewer-city", "register:read", "register:write")
    items = p.ask("GET", f"/documents/{world.document.pk}/candidates")[1]
    assert items[0]["state"] == "accepted"
    one = next(i for i in items if i["state"] == "pending")
    path = f"/candidates/{one['candidate']['id']}"
    status, made = p.ask(
        "POST", path + "/accept", {"revision": 0, "text": "改写后的任务", "deadline": "2027-06"}
    )
    assert (status, made["verdict"]) == (201, "edited")
    made_one = Commitment.objects.get(pk=made["commitments"][0])
    assert (made_one.text, made_one.deadline) == ("改写后的任务", "2027-06")
    assert p.ask("POST", path + "/reject", {"revision": 0, "reason": "x"})[0] == 409
    assert p.ask("POST", path + "/reopen", {"revision": made["revision"], "reason": ""})[0] == 422
    assert (
        p.ask("POST", path + "/reopen", {"revision": made["revision"], "reason": "重看"})[1]["verdict"]
        == "reopened"
    )
    assert p.ask("POST", path + "/accept", {"revision": 0, "deadline": "明年"})[0] == 422
    rest = p.ask("POST", f"/documents/{world.document.pk}/accept-above", {"minimum": 0.5})[1]
    assert rest["done"] and p.ask("GET", "/commitments")[1]["count"] == 1 + rest["count"]


def test_upload_and_read(world: World, program: Any) -> None:
    p = program("drafter-city", "library:read", "library:write")
    text = "江城市人民政府关于加强山塘管护的通知\n\n一、加强巡查。2026年底前完成30座山塘除险加固。\n"
    response = p.client.post(
        V1 + "/uploads",
        {"owner": world.units["city"].pk, "files": [SimpleUploadedFile("山塘.txt", text.encode())]},
    )
    assert response.status_code == 201
    assert [j["state"] for j in response.json()["jobs"]] == ["waiting"]
    from luoshi_web.library import jobs

    jobs.run(Job.objects.get(state="waiting", kind="read").pk)
    batch = p.ask("GET", f"/uploads/{response.json()['id']}")[1]
    assert [j["state"] for j in batch["jobs"] if j["kind"] == "read"] == ["done"]
    document = p.ask("GET", f"/documents/{batch['jobs'][0]['result']['documents'][0]}")[1]
    version = p.ask("GET", f"/versions/{document['current']}")[1]
    reading = p.ask("GET", f"/versions/{document['current']}/reading")[1]
    found = [c for c in reading["candidates"] if "除险加固" in c["quote"]]
    assert found and version["text"][found[0]["start"] : found[0]["end"]] == found[0]["quote"]
    assert content(p.client.get(f"{V1}/files/{version['file']}")).decode() == text
    changed = p.ask(
        "PATCH", f"/documents/{document['id']}", {"title": "新题", "revision": document["revision"]}
    )
    assert (changed[0], changed[1]["title"]) == (200, "新题")
    assert p.ask("PATCH", f"/documents/{document['id']}", {"audience": "nobody", "revision": 9})[0] == 422


def test_pages_of_lists(world: World, program: Any) -> None:
    p = program("viewer-city", "organisation:read")
    units = p.ask("GET", "/units?size=2")[1]
    assert (len(units["items"]), units["count"], units["pages"]) == (2, 4, 2)
    assert len(p.ask("GET", "/units?size=2&page=2")[1]["items"]) == 2
    assert units["items"][0]["parent"] is None and units["items"][1]["parent"] == units["items"][0]["id"]
    assert p.ask("GET", "/units?size=501")[0] == 422


def test_a_division_from_draft_to_issue(world: World, program: Any) -> None:
    p = program("drafter-city", "delivery:read", "delivery:write")
    head = program("supervisor-city", "delivery:read", "delivery:write")
    officer = program("unit_officer-city", "delivery:read", "delivery:write")
    status, d = p.ask("POST", "/divisions", {"owner": world.units["city"].pk, "title": "泵站更新分工"})
    assert status == 201
    path = f"/divisions/{d['id']}"
    (item,) = p.ask("POST", path + "/compose", {"commitments": [world.commitment.pk]})[1]
    assert item["commitments"] == [world.commitment.pk] and item["text"] == world.commitment.text
    units = [{"part": "lead", "name": "江城市"}, {"part": "responsible", "name": "柳溪县"}]
    change = {"revision": item["revision"], "assignments": units, "criterion": "通过验收"}
    item = p.ask("PATCH", f"/items/{item['id']}", change)[1]
    assert [(a["part"], a["name"]) for a in item["assignments"]] == [
        ("lead", "江城市"),
        ("responsible", "柳溪县"),
    ]
    d = p.ask("GET", path)[1]
    asked = p.ask("POST", path + "/consult", {"revision": d["revision"], "units": [world.units["city"].pk]})[
        1
    ]
    (inquiry,) = officer.ask("GET", "/inquiries")[1]["items"]
    answers = [{"item": i["id"], "answer": "agree"} for i in inquiry["items"]]
    told = {"revision": inquiry["revision"], "answers": answers}
    assert officer.ask("POST", f"/inquiries/{inquiry['key']}/answer", told)[1]["answered_at"]
    assert p.ask("POST", f"/consultations/{asked['id']}/close", {"revision": asked["revision"]})[0] == 200
    d = p.ask("POST", path + "/submit", {"revision": p.ask("GET", path)[1]["revision"]})[1]
    assert d["state"] == "submitted"
    approval = {"revision": d["revision"], "how": "approve", "approver": "某市长"}
    assert p.ask("POST", path + "/decide", approval)[0] == 403
    d = head.ask("POST", path + "/decide", approval)[1]
    d = head.ask("POST", path + "/issue", {"revision": d["revision"], "day": "2025-07-01"})[1]
    assert (d["state"], d["issued_on"]) == ("issued", "2025-07-01")
    assert [e["number"] for e in p.ask("GET", path + "/editions")[1]] == [1]
    assert p.ask("GET", "/items?unit=柳溪县")[1]["count"] == 1


def test_search(world: World, program: Any) -> None:
    found = program("viewer-city", "search:read").ask("GET", "/search?q=老旧泵站")[1]
    hit = found["items"][0]
    assert {hit["text"][a:b] for a, b in hit["lit"]} == {"老旧泵站"}
    assert found["terms"] == ["老旧泵站"] and found["count"] == 1 and found["facets"]


def test_audit(world: World, program: Any) -> None:
    p = program("audit_admin-city", "audit:read")
    verdict = p.ask("POST", "/audit/verify")[1]
    assert verdict["sound"] and verdict["rows"] == p.ask("GET", "/audit/events?size=1")[1]["count"]
    assert p.ask("GET", "/audit/head")[1] == verdict["head"]


# --- errors ----------------------------------------------------------------------------------


def test_problems(world: World, program: Any) -> None:
    p = program("reviewer-city", "register:read", "register:write", "library:read")
    for method, path, body, status in (
        ("GET", "/documents/987654", None, 404),
        ("GET", "/nothing", None, 404),
        ("GET", "/documents?size=many", None, 422),
        ("GET", "/documents?page=0", None, 422),
        ("GET", "/tables/nothing", None, 404),
        ("GET", "/tables/commitments?format=exe", None, 404),
        ("GET", "/tables/links", None, 404),
        ("GET", "/commitments?document=%00&unit=%00&q=%00", None, 200),
        ("POST", f"/candidates/{world.candidates()[1].pk}/split", {"revision": 0, "texts": ["一"]}, 422),
        ("POST", f"/candidates/{world.candidates()[1].pk}/split", {"revision": "x", "texts": 1}, 422),
        ("POST", f"/candidates/{world.candidates()[1].pk}/accept", [], 428),
    ):
        got, answer = p.ask(method, path, body)
        assert got == status, (path, answer)
        assert status == 200 or (answer["status"] == status and answer["title"] and "detail" in answer)
    response = p.client.generic("POST", f"{V1}/documents/{world.document.pk}/merge", "{", "application/json")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert p.client.put(V1 + "/documents").status_code == 405


def test_in_the_users_language(world: World, program: Any) -> None:
    account = world.accounts["reviewer-city"]
    p = program("reviewer-city", "library:read")
    assert p.ask("GET", "/documents?size=x")[1]["title"] == "请求内容不合要求"
    with maintenance("test"):
        type(account).objects.filter(pk=account.pk).update(language="en")
    assert p.ask("GET", "/documents?size=x")[1]["title"] == "The request is not as it should be"


def test_too_many_requests(world: World, program: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from luoshi_web.api.base import PerAccount

    p = program("viewer-city", "library:read")
    monkeypatch.setattr(PerAccount, "parse_rate", lambda self, rate: (2, 60))
    monkeypatch.setattr(PerAccount, "allow_request", _limited(2))
    assert [p.ask("GET", "/documents")[0] for _ in range(3)] == [200, 200, 429]


def _limited(most: int) -> Any:
    seen: list[int] = []

    def allow(self: Any, request: Any) -> bool:
        seen.append(1)
        return len(seen) <= most

    return allow


# --- files, calendar, description ------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_table_as_csv_json_and_excel(world: World, name: str) -> None:
    from web_comparing import small

    pair, of = small(world), delivery_objects.division(world)
    role = {"units": "system_admin", "accounts": "system_admin", "events": "audit_admin"}.get(
        name, "supervisor"
    )
    client = world.client(f"{role}-province")
    query = {
        "candidates": f"&document={world.document.pk}", "links": f"&comparison={pair.comparison.pk}",
        "coverage": f"&upper={pair.upper.pk}", "search": "&q=泵站",
        "gaps": f"&upper={pair.upper.pk}",
        "opinions": f"&division={of.pk}",
    }.get(name, "")  # fmt: skip
    url = f"{V1}/tables/{name}?format="
    first = client.get(url + "csv" + query)
    if name == "gaps":  # a gap leaves only with its disposition
        assert first.status_code == 422 and first.json()["detail"]
        return
    rows = list(csv.reader(io.StringIO(content(first).decode("utf-8-sig"))))
    objects = json.loads(content(client.get(url + "json" + query)))
    sheet = openpyxl.load_workbook(io.BytesIO(content(client.get(url + "xlsx" + query)))).active
    assert len(rows[0]) == sheet.max_column
    if name != "events":  # each request here is none, but sessions may write
        assert len(objects) == len([r for r in rows[1:] if r])
    assert objects or name in ("terms", "suspects", "unsourced", "differences", "opinions")


def test_calendar(world: World) -> None:
    client = world.client("viewer-city")
    page = client.post(reverse("access:make"), {"name": "我的任务", "feed": "1", "days": "366"})
    address = page.context["secret"]
    response = Client().get(address.removeprefix("http://testserver"))
    assert response.status_code == 200 and response["Content-Type"].startswith("text/calendar")
    events = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    assert [e["dtstart"].dt for e in events] == [date(2026, 12, 31)]
    assert str(events[0]["summary"]) == world.commitment.text
    assert str(events[0]["url"]).endswith(reverse("register:commitment", args=[world.commitment.pk]))
    secret = address.rsplit("/", 1)[1].removesuffix(".ics")
    assert Client(headers={"Authorization": f"Bearer {secret}"}).get(V1 + "/me").status_code == 401
    client.post(reverse("access:revoke", args=[Token.objects.get().pk]))
    assert Client().get(reverse("access:calendar", args=[secret])).status_code == 404
    assert Client().get(reverse("access:calendar", args=["x" * 40])).status_code == 404


def test_line_breaks_in_a_calendar_begin_no_property(world: World) -> None:
    token, secret = tokens.make(
        by=world.accounts["viewer-city"], name="我的\r\nX-EVIL:1\rX-EVIL:2", feed=True
    )
    assert token.name == "我的 X-EVIL:1 X-EVIL:2"
    with maintenance("test"):
        Token.objects.update(name="老\nX-EVIL:3\rX-EVIL:4")
        Commitment.objects.update(
            text="更新\r\nX-EVIL:5\rX-EVIL:6\x85X-EVIL:7\u2028泵站", deadline="2999-01-01"
        )
    body = Client().get(reverse("access:calendar", args=[secret])).content.decode()
    assert "更新 X-EVIL:5" in body.replace("\r\n ", "")
    assert not [x for x in body.splitlines() if x.startswith("X-EVIL")]


def test_calendar_of_a_saved_view(world: World) -> None:
    by = world.accounts["viewer-city"]
    for query, n in (("year=2026", 1), ("year=2030", 0)):
        secret = tokens.make(by=by, name="一年", feed=True, query=query)[1]
        body = Client().get(reverse("access:calendar", args=[secret])).content
        assert len(icalendar.Calendar.from_ical(body).walk("VEVENT")) == n
    foreign = tokens.make(by=world.accounts["viewer-other"], name="外市", feed=True)[1]
    body = Client().get(reverse("access:calendar", args=[foreign])).content
    assert not icalendar.Calendar.from_ical(body).walk("VEVENT")


@pytest.mark.parametrize(
    ("text", "day"),
    [("2025", date(2025, 12, 31)), ("2024-02", date(2024, 2, 29)), ("2025-06-30", date(2025, 6, 30)),
     ("", None), ("年底", None), ("2025-13", None), ("2025-02-30", None)],
)  # fmt: skip
def test_last_day(text: str, day: date | None) -> None:
    assert last_day(text) == day


def test_description(world: World) -> None:
    client = world.client("viewer-city")
    described = client.get(reverse("access:schema")).json()
    assert described["openapi"].startswith("3.")
    count = sum(len(methods) for methods in described["paths"].values())
    text = client.get(reverse("access:reference")).content.decode()
    assert text.count('<details class="operation"') == count > 60
    assert "<script>" not in text and "style=" not in text and "https://" not in text
    ids = [o["operationId"] for methods in described["paths"].values() for o in methods.values()]
    assert len(ids) == len(set(ids))
    for methods in described["paths"].values():
        for o in methods.values():
            assert o["description"] and "x-permission" in o, o


def test_a_token_without_scope_is_refused_on_the_page_which_keeps_what_was_typed(world: World) -> None:
    client = world.client("viewer-city")
    page = client.post(reverse("access:make"), {"name": "统计程序", "days": "30"})
    text = page.content.decode()
    assert page.status_code == 422 and "请至少选择一个范围" in text and 'value="统计程序"' in text
    assert 'value="register:read"' in text and 'value="register:write"' in text  # saved views are his own
    assert 'value="audit:read"' not in text and 'value="search:write"' not in text
    page = client.post(reverse("access:make"), {"name": "", "scope": "library:read", "days": "30"})
    assert 'value="library:read" checked' in page.content.decode()
