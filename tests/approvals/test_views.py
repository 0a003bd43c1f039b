"""결재함 and the page of one document, as each person meets them."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals import middleware, trail
from approvals.models import Act, Document, Round, StepKind
from tests import factories
from tests.approvals import act_helpers, note
from tests.visitor import Visitor

ACTS = ("sign", "opine", "send-back", "withdraw", "redraft")


@pytest.fixture
def enter(client):
    """Sign in as somebody: `enter(people.wook)` gives the client."""

    def as_(user):
        client.force_login(user)
        return client

    return as_


def at(round_, act=""):
    return f"/approvals/{round_.pk}/{act}/" if act else f"/approvals/{round_.pk}/"


def sent(round_, **given):
    """The fields of an act, for who is not offered it or changes them."""
    document = Document.objects.get(pk=round_.document_id)
    return {"form_key": uuid4().hex, "lock_version": document.lock_version, "digest": round_.digest} | given


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def test_the_page_shows_line_paper_and_what_is_to_be_done(enter, round_, people):
    answer = enter(people.youngbun).get(at(round_))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count('class="trail-step') == 4
    assert "<article class='paper'>" in page
    assert list(answer.context["forms"]) == ["sign", "opine", "send_back"]
    assert hidden(page, "digest") == round_.digest


@pytest.mark.parametrize(
    ("who", "forms"),
    [
        ("wook", ["withdraw"]),
        ("youngbun", ["sign", "opine", "send_back"]),
        ("wontaek", []),
        ("heedong", []),
        ("gangbuk", []),
    ],
)
def test_each_reader_is_offered_what_is_theirs(enter, round_, people, who, forms):
    assert list(enter(getattr(people, who)).get(at(round_)).context["forms"]) == forms


def test_a_signer_signs_with_what_the_page_sent(round_, people):
    document = Visitor("youngbun").open(at(round_))
    page = document.press("서명 확정").follow()
    assert (page.path, "서명했습니다: 지역혁신 컨퍼런스 결과보고" in page.text) == ("/approvals/", True)
    assert act_helpers.states(round_) == ["signed", "signed", "current", "waiting"]
    again = document.press("서명 확정")
    assert (again.follow().path, Act.objects.count()) == ("/approvals/", 2)


@pytest.mark.parametrize(
    ("button", "label", "state"),
    [("의견을 달아 서명", "의견", "signed_opinion"), ("반려하기", "반려 사유", "rejected")],
)
def test_a_signer_says_why(round_, people, button, label, state):
    page = Visitor("youngbun").open(at(round_)).form(button).fill(label, "표를 고쳐 주세요.").press(button)
    assert (page.status, act_helpers.states(round_)[1]) == (302, state)
    assert round_.steps.get(order=1).opinion == "표를 고쳐 주세요."


def test_the_drafter_withdraws_and_drafts_again(round_, people):
    page = Visitor("wook").open(at(round_)).press("회수하기").follow()
    assert page.path == at(round_)
    page = page.press("다시 기안하기")
    assert (page.status, page.answer["Location"]) == (302, note.desk_url(round_.document))
    assert Document.objects.get().state == "draft"


def test_the_page_of_an_ended_round_leads_on(enter, round_, people):
    act_helpers.send_back(round_, people.youngbun, "참석 인원을 고쳐 주세요.")
    assert list(enter(people.wook).get(at(round_)).context["forms"]) == ["redraft"]
    act_helpers.redraft(round_.document)
    page = enter(people.wook).get(at(round_)).content.decode()
    assert f'href="{note.desk_url(round_.document)}"' in page
    second = act_helpers.submit(round_.document)
    assert f'href="{at(second)}"' in enter(people.wook).get(at(round_)).content.decode()
    page = enter(people.youngbun).get(at(second)).content.decode()
    assert (f'href="{at(round_)}"' in page, "참석 인원을 고쳐 주세요." in page) == (True, True)


def test_who_decides_ticks_that_the_opinions_were_read(round_, people):
    act_helpers.opine(round_, people.youngbun, "예산을 더 적어 주세요.")
    act_helpers.sign(round_, people.wontaek)
    page = Visitor("heedong").open(at(round_)).press("결재 확정")
    assert (page.status, "다른 의견을 읽고 나서 표시해 주세요." in page.text) == (422, True)
    page = page.form("결재 확정").fill("다른 의견을 읽었습니다.", True).press("결재 확정")
    assert (page.status, Round.objects.get().state) == (302, "approved")


@pytest.mark.parametrize("act", ACTS)
def test_acts_are_posts(enter, round_, people, act):
    answer = enter(people.youngbun).get(at(round_, act))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_pages_are_read_only(enter, round_, people):
    client = enter(people.youngbun)
    assert (client.post("/approvals/").status_code, client.post(at(round_)).status_code) == (405, 405)


def refused(username, round_):
    visitor = Visitor(username)
    return [visitor.post_raw(at(round_, act), sent(round_, opinion="x")).status for act in ACTS]


@pytest.mark.parametrize("who", ["chair", "dobong", "nowon", "admin"])
def test_to_a_stranger_the_round_does_not_exist(enter, round_, people, who):
    client = enter(getattr(people, who))
    assert client.get(at(round_)).status_code == 404
    assert refused(who, round_) == [404] * 5
    assert act_helpers.states(round_) == ["signed", "current", "waiting", "waiting"]
    assert round_.title not in client.get("/approvals/?tab=running").content.decode()


def test_a_round_that_is_none_looks_the_same(enter, people):
    assert enter(people.wook).get("/approvals/404404/").status_code == 404


def test_a_colleague_reads_and_does_nothing(enter, round_, people):
    client = enter(people.gangbuk)
    assert client.get(at(round_)).status_code == 200
    assert refused("gangbuk", round_) == [403] * 5
    assert act_helpers.states(round_) == ["signed", "current", "waiting", "waiting"]


def test_an_earlier_signer_cannot_act_for_the_next(round_, people):
    act_helpers.sign(round_, people.youngbun)
    for username, refusal in (("youngbun", "이미 처리한 차례입니다."), ("heedong", "아직 차례가 아닙니다.")):
        page = Visitor(username).post_raw(at(round_, "sign"), sent(round_))
        assert (page.status, refusal in page.text) == (422, True)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"lock_version": "x"},
        {"lock_version": "-1"},
        {"lock_version": "9" * 30},
        {"form_key": "k" * 65},
        {"form_key": "k\x00"},
        {"digest": "", "form_key": ""},
    ],
)
def test_bad_input_is_said_and_changes_nothing(round_, people, act, bad):
    who = "wook" if act in {"withdraw", "redraft"} else "youngbun"
    data = (sent(round_, opinion="글") | bad) if bad else {}
    assert Visitor(who).post_raw(at(round_, act), data).status in {422, 409}
    assert act_helpers.states(round_) == ["signed", "current", "waiting", "waiting"]


@pytest.mark.parametrize("opinion", ["", " \n ", "가" * 2001, "NUL \x00"])
def test_a_reason_that_is_none_is_asked_for_and_what_was_typed_stays(round_, people, opinion):
    page = Visitor("youngbun").open(at(round_)).form("반려하기").tamper("opinion", opinion).press("반려하기")
    assert (page.status, list(page.answer.context["forms"]["send_back"].errors)) == (422, ["opinion"])
    [kept] = page.form("반려하기").find("반려 사유")
    assert kept.values == [opinion.replace("\x00", "\ufffd")]  # as an HTML parser reads that character


def test_typed_text_is_text(enter, round_, people):
    act_helpers.opine(round_, people.youngbun, "<script>alert(1)</script>")
    page = enter(people.wontaek).get(at(round_)).content.decode()
    assert ("<script>alert(1)" in page, "&lt;script&gt;alert(1)" in page) == (False, True)


def test_who_was_second_gets_409_with_what_changed_and_what_they_typed(round_, people):
    late = Visitor("youngbun").open(at(round_)).form("의견을 달아 서명").fill("의견", "제가 애써 적은 글")
    act_helpers.withdraw(round_.document)
    page = late.press("의견을 달아 서명")
    assert page.status == 409
    for text in ("다른 사람이 먼저 처리했습니다", "회수", "이욱 주무관", "제가 애써 적은 글", f'href="{at(round_)}"'):
        assert text in page.text
    assert late.fields["form_key"].values[0] not in page.text


@pytest.mark.parametrize("first", ["서명 확정", "의견을 달아 서명", "반려하기"])
def test_who_acted_already_is_not_told_of_another_person(round_, people, first):
    buttons = {"서명 확정": "서명", "의견을 달아 서명": "서명", "반려하기": "반려"}
    pages = [Visitor("youngbun").open(at(round_)) for _ in buttons]
    forms = {button: page.form(button) for page, button in zip(pages, buttons, strict=True)}
    for button, label in (("의견을 달아 서명", "의견"), ("반려하기", "반려 사유")):
        forms[button].fill(label, "글")
    assert forms.pop(first).press(first).status == 302
    for button, form in forms.items():
        page = form.press(button)
        assert (page.status, f"<h1>이미 {buttons[first]}하신 문서입니다.</h1>" in page.text) == (409, True)
        assert "다른 사람이" not in page.text


def test_who_decided_already_is_told_so(round_, people):
    for who in (people.youngbun, people.wontaek):
        act_helpers.sign(round_, who)
    late = Visitor("heedong").open(at(round_)).form("반려하기").fill("반려 사유", "늦은 글")
    Visitor("heedong").open(at(round_)).press("결재 확정")
    assert "<h1>이미 결재하신 문서입니다.</h1>" in late.press("반려하기").text


def test_every_act_has_words_for_who_has_done_it_already():
    assert set(middleware.OWN_ACT_HEADINGS) == set(trail.ACTIONS)


def test_csrf_is_asked_for(people, round_):
    fields = list(sent(round_).items())
    assert Visitor("youngbun").send("post", at(round_, "sign"), fields, is_multipart=False).status == 403
    assert act_helpers.states(round_) == ["signed", "current", "waiting", "waiting"]


def test_every_form_of_the_page_carries_its_token(enter, round_, people):
    """An include with ``only`` gives its template no token unless it is handed one."""
    page = enter(people.youngbun).get(at(round_)).content.decode()
    forms = page.split('<form class="form" method="post"')[1:]
    assert [form.split("</form>")[0].count('name="csrfmiddlewaretoken"') for form in forms] == [1, 1, 1]


def test_a_mails_link_leads_to_sign_in_and_then_to_the_document(client, round_):
    answer = client.get(at(round_))
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={at(round_)}")


TABS = ("waiting", "running", "done", "returned", "circulated")


def box_of(enter, user):
    """Titles by tab; the counts on the tabs must say the same."""
    found = {}
    for tab in TABS:
        answer = enter(user).get("/approvals/", {"tab": tab})
        found[tab] = [row.title for row in answer.context["rows"]]
        assert [count for name, _, count in answer.context["tabs"] if name == tab] == [len(found[tab])]
    return {tab: titles for tab, titles in found.items() if titles}


def make(people, title):
    document = note.write(people, title)
    factories.set_route(document, people)
    return document, act_helpers.submit(document)


def test_a_returned_document_is_said_to_wait_for_its_drafter(round_, people):
    def said(who: str) -> bool:
        return "반려된 내 문서 1건을 다시 기안해야 합니다." in Visitor(who).open("/approvals/").text

    assert said("wook") is False
    act_helpers.send_back(round_, people.youngbun)
    assert (said("wook"), said("youngbun")) == (True, False)
    act_helpers.redraft(round_.document)
    assert said("wook") is False


@pytest.mark.parametrize(("mail", "told"), [("", "‘내 계정’에 전자우편을 적으면"), ("a@b.kr", "전자우편으로도 알려")])
def test_the_empty_inbox_promises_a_mail_to_who_has_an_address(people, mail, told):
    people.gangbuk.mail = mail
    people.gangbuk.save()
    page = Visitor("gangbuk").open("/approvals/").text
    assert (told in page, '<a class="button is-primary" href="/desk/">내 행사로</a>' in page) == (True, True)


def test_who_decides_is_told_that_they_decided(round_, people):
    for who in (people.youngbun, people.wontaek):
        act_helpers.sign(round_, who)
    page = Visitor("heedong").open(f"/approvals/{round_.pk}/")
    assert "이름으로 결재합니다" in page.text
    assert page.form("결재 확정").press("결재 확정").messages == ["결재했습니다: 지역혁신 컨퍼런스 결과보고"]


def test_each_document_stands_in_one_tab(enter, people):
    make(people, "대기")
    _, signed = make(people, "검토됨")
    act_helpers.sign(signed, people.youngbun)
    _, done = make(people, "끝")
    for who in (people.youngbun, people.wontaek, people.heedong):
        act_helpers.sign(done, who)
    returned, round_ = make(people, "되돌아온 것")
    act_helpers.send_back(round_, people.youngbun)
    again, round_ = make(people, "다시 올린 것")
    act_helpers.send_back(round_, people.youngbun)
    act_helpers.redraft(again)
    act_helpers.submit(again)
    assert box_of(enter, people.wook) == {
        "running": ["다시 올린 것", "검토됨", "대기"],
        "done": ["끝"],
        "returned": ["되돌아온 것"],
    }
    assert box_of(enter, people.youngbun) == {
        "waiting": ["대기", "다시 올린 것"],
        "running": ["검토됨"],
        "done": ["끝"],
        "returned": ["되돌아온 것"],
    }
    assert box_of(enter, people.wontaek)["waiting"] == ["검토됨"]
    assert box_of(enter, people.gangbuk) == {}
    act_helpers.redraft(returned)
    assert box_of(enter, people.wook)["returned"] == ["되돌아온 것"]


def test_an_unknown_tab_or_page_shows_the_first(enter, people):
    make(people, "대기")
    answer = enter(people.youngbun).get("/approvals/", {"tab": "<b>", "page": "xyz"})
    assert (answer.status_code, answer.context["tab"], [row.title for row in answer.context["rows"]]) == (
        200,
        "waiting",
        ["대기"],
    )
    assert enter(people.youngbun).get("/approvals/", {"page": "99"}).context["rows"].number == 1


def test_the_inbox_turns_pages(enter, people):
    for number in range(22):
        make(people, f"문서 {number:02}")
    first = enter(people.youngbun).get("/approvals/")
    assert [row.title for row in first.context["rows"]] == [f"문서 {number:02}" for number in range(20)]
    assert 'href="?tab=waiting&amp;page=2"' in first.content.decode()
    second = enter(people.youngbun).get("/approvals/", {"tab": "waiting", "page": 2})
    assert [row.title for row in second.context["rows"]] == ["문서 20", "문서 21"]


def queries(client, path):
    client.get(path)  # what is cached once a process is cached
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


def test_the_inbox_costs_the_same_with_2_and_with_20(enter, people):
    cost = []
    for count in (2, 18):
        for number in range(count):
            make(people, f"문서 {number}")
        cost.append(
            (queries(enter(people.youngbun), "/approvals/"), queries(enter(people.wook), "/approvals/?tab=running"))
        )
    assert cost[0] == cost[1]


def test_a_document_costs_the_same_with_2_and_with_20_rounds_and_signers(enter, people):
    extra = [f"extra{number}" for number in range(16)]
    for name in extra:  # 강북구's own office, told apart by number
        setattr(
            people,
            name,
            type(people.wook).objects.create_user(
                name, name="담당", position="담당", department=people.gangbuk.department
            ),
        )
    short, long = note.write(people), note.write(people)
    factories.set_route(short, people, (("wook", StepKind.DRAFT), ("heedong", StepKind.DECIDE)))
    places = [("wook", StepKind.DRAFT), *((name, StepKind.REVIEW) for name in extra), ("heedong", StepKind.DECIDE)]
    factories.set_route(long, people, tuple(places))
    for document, times in ((short, 2), (long, 20)):
        for _ in range(times - 1):
            act_helpers.submit(document)
            act_helpers.withdraw(document)
            act_helpers.redraft(document)
    cost = {queries(enter(people.wook), at(act_helpers.submit(document))) for document in (short, long)}
    assert len(cost) == 1


def test_reading_changes_no_row(enter, round_, people):
    client = enter(people.youngbun)
    client.get("/approvals/")
    with CaptureQueriesContext(connection) as caught:
        client.get("/approvals/")
        client.get(at(round_))
    assert [query["sql"] for query in caught if not query["sql"].startswith("SELECT")] == []
