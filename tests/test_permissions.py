"""Who may do what: every address × GET and POST × every role, in one table to be read by people.

A line says what those who stand above its columns are answered: ``in`` the way to sign in (a form is kept meanwhile), ``404`` as if there were
nothing, ``403`` not yours, ``405`` not by this method, ``ok`` anything else: the page, or an answer to what was sent.
Addresses of sheets stand as ``sheet-row:own``: the group of sheets is named in SHEETS. The row asked for is always that
of one session and one district (tests/desk/roles.py).
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.contrib.auth import middleware
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpResponse
from django.template.backends.django import Template
from django.test import Client

from accounts.models import User
from conference.models import Conference
from sheets import paste
from sheets.declaration import all_sheets, sheets_of_menu
from tests.addresses import named_addresses
from tests.desk import roles

# what belongs to whom; a sheet that is in none of these groups fails
SHEETS = {
    "shared": "districts topics desks main-items hosts guests bases venues rooms notices parts exhibitions booths equipment",
    "secret": "contacts",
    "session": "sessions",
    "hosted": "tracks meetings deadlines milestones decisions tasks questions proposals",
    "speaker": "persons",
    "own": "presentations exhibitors giveaways",
}
# for each role of roles.ROLES in turn:
#        stranger elsewhere reader other desk host editor publisher chair admin colleague signer
TABLE = """
# open to everybody
GET      ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok
    healthz home event version file small-file programme programme-day session exhibits programme-ics session-ics programme-json programme-xml
    schedule-json releases-atom manifest worker qr robots sitemaps sitemap account_inactive account_login account_logout
    account_reset_password account_reset_password_done account_new_password
# likewise, once the worker has made them; here it has not
GET      404   404   404   404   404   404   404   404   404   404   404   404
    programme-pdf door og
POST     ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok
    healthz account_login account_logout account_reset_password account_new_password
POST     405   405   405   405   405   405   405   405   405   405   405   405
    home event version file small-file programme programme-day session exhibits programme-ics session-ics programme-json programme-xml
    schedule-json releases-atom manifest worker programme-pdf door og qr robots sitemaps sitemap account_inactive account_reset_password_done

# one's own: account, 결재함, list of conferences; who belongs to an office makes a conference
GET      in    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok
    me sign-ins account_change_password account_set_password account_reauthenticate approvals:inbox desk:desk desk:new
    new-schedule
POST     in    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok
    me account_change_password account_set_password account_reauthenticate end-sign-ins end-sign-in desk:new new-schedule
POST     in    405   405   405   405   405   405   405   405   405   405   405
    sign-ins approvals:inbox desk:desk
GET      in    405   405   405   405   405   405   405   405   405   405   405
    end-sign-ins end-sign-in

# accounts and offices: who manages them all
GET      in    403   403   403   403   403   403   403   403   ok    403   403
    accounts account account-new sign-in-records organisations organisation organisation-new department department-new
POST     in    403   403   403   403   403   403   403   403   ok    403   403
    account account-new account-state account-password organisation organisation-new organisation-delete
    department department-new department-delete
POST     in    405   405   405   405   405   405   405   405   405   405   405
    accounts sign-in-records organisations
GET      in    405   405   405   405   405   405   405   405   405   405   405
    account-state account-password organisation-delete department-delete

# a conference: whoever has a part in it looks at all of it but contacts
GET      in    404   ok    ok    ok    ok    ok    ok    ok    ok    404   404
    desk:dashboard desk:checks desk:changes desk:calls reports:reports reports:actuals reports:outcomes
    reports:outcomes-xlsx overview people
    desk-preparation desk-programme desk-exhibits publish preview preview-more preview-file preview-small releases release
    release-pages release-pages-more withdraw urgent today today-session materials material desk:pool desk:pool-xlsx desk:photo
    programme-csv programme-xlsx
    sheet:shared,session,hosted,speaker,own sheet-row:shared,session,hosted,speaker,own
    sheet-xlsx:shared,session,hosted,speaker,own
POST     in    405   405   405   405   405   405   405   405   405   405   405
    desk:dashboard desk:checks desk:changes desk:calls reports:reports desk:photo people preview
    preview-more preview-file preview-small releases release release-pages release-pages-more today today-session material
    programme-csv programme-xlsx
    desk:pool-xlsx reports:outcomes-xlsx sheet-xlsx:shared,secret,session,hosted,speaker,own
GET      in    405   405   405   405   405   405   405   405   405   405   405
    overview-move people-add member-remove lift material-show material-remove today-act today-photos today-undo desk:restore desk:photo-add
    desk:take-back desk:call-withdraw reports:start sheet-delete:shared,secret,session,hosted,speaker,own

# 총괄 and 담당 edit the shared facts, and they alone see contacts
GET      in    404   403   403   403   403   ok    ok    ok    ok    404   404
    desk:call desk:call-new sheet-new:shared,secret,session,speaker sheet:secret sheet-row:secret
    sheet-xlsx:secret
POST     in    404   403   403   403   403   ok    ok    ok    ok    404   404
    overview overview-move desk:call desk:call-new desk:call-withdraw desk:restore
    sheet:shared,secret sheet-new:shared,secret,session,speaker sheet-row:shared,secret
    sheet-delete:shared,secret,session,speaker

# the desk of the topic's host: the session, its order, moderator and track
POST     in    404   403   403   403   ok    ok    ok    ok    ok    404   404
    sheet:session,hosted sheet-row:session,hosted sheet-delete:hosted desk-preparation desk-programme today-photos
    today-undo desk:take-back

# a desk: presentations, speakers and files of its district in its topic; exhibitors, giveaways, photos of its district
POST     in    404   403   403   ok    403   ok    ok    ok    ok    404   404
    sheet:own,speaker sheet-row:own,speaker sheet-delete:own materials material-show material-remove
# a desk makes rows of its own; of whose topic or district they are, the form looks at
GET      in    404   403   ok    ok    ok    ok    ok    ok    ok    404   404
    sheet-new:hosted,own
POST     in    404   403   ok    ok    ok    ok    ok    ok    ok    404   404
    sheet-new:hosted,own desk:photo-add reports:actuals
# nothing sent is nothing changed; each line of what is sent is looked at by itself
POST     in    404   ok    ok    ok    ok    ok    ok    ok    ok    404   404
    desk:pool reports:outcomes
POST     in    404   403   403   403   403   ok    ok    ok    ok    404   404
    desk-exhibits

# publishing, and what visitors are told on the day: 총괄, and 담당 where 총괄 has allowed it
POST     in    404   403   403   403   403   403   ok    ok    ok    404   404
    publish withdraw urgent lift today-act

# roles: 총괄
GET      in    404   403   403   403   403   403   403   ok    ok    404   404
    member
POST     in    404   403   403   403   403   403   403   ok    ok    404   404
    people-add member member-remove

# a report, its drafts, rounds and files: its own 처리과, and whoever stands in its line; nobody else
GET      in    404   403   403   403   403   403   403   403   403   ok    ok
    reports:report reports:draft reports:file reports:edition reports:edition-pdf reports:edition-json
GET      in    404   404   404   404   404   404   404   404   404   ok    ok
    approvals:round
POST     in    405   405   405   405   405   405   405   405   405   405   405
    reports:report reports:draft reports:file reports:edition reports:edition-pdf reports:edition-json
    reports:line reports:sheet-xlsx approvals:round
GET      in    405   405   405   405   405   405   405   405   405   405   405
    reports:sheet-delete reports:restore reports:photo-add reports:attachment-add reports:attachment-file
    reports:line-put reports:line-take reports:submit approvals:sign approvals:opine approvals:send_back
    approvals:withdraw approvals:redraft approvals:stop approvals:replace_signer approvals:hand_over
# it is written by its 처리과
GET      in    404   403   403   403   403   403   403   403   403   ok    403
    reports:texts reports:override reports:lists reports:photos reports:form reports:take reports:line
    reports:sheet reports:sheet-new reports:sheet-row reports:sheet-xlsx
POST     in    404   403   403   403   403   403   403   403   403   ok    403
    reports:texts reports:override reports:lists reports:photos reports:form reports:take reports:line-take
    reports:sheet reports:sheet-new reports:sheet-row reports:sheet-delete reports:restore
    reports:photo-add reports:attachment-add reports:attachment-file
# who reads it and did not draft it is told by 결재 올리기 that the drafter does that
POST     in    404   403   403   403   403   403   403   403   403   ok    ok
    reports:submit
# begun by a 담당 or a desk whose 처리과 has none yet; who manages accounts has no office to report for
POST     in    404   403   403   403   403   ok    ok    ok    403   404   404
    reports:start
# this one is signed: its line stays as it was, and what is over is neither withdrawn nor written again
POST     in    404   403   403   403   403   403   403   403   403   403   403
    reports:line-put
POST     in    404   404   404   404   404   404   404   404   404   403   ok
    approvals:sign approvals:opine approvals:send_back
POST     in    404   404   404   404   404   404   404   404   404   403   403
    approvals:withdraw approvals:redraft
# who has left is replaced by the 결재 관리자 of the 처리과 alone; a draft is taken over by a colleague
POST     in    404   404   404   404   404   404   404   404   404   403   403
    approvals:stop approvals:replace_signer
POST     in    404   404   404   404   404   404   404   404   404   ok    403
    approvals:hand_over
"""


def lines() -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    """Yield ((method, address), answers) of every line of the table."""
    method, answers = "", ()
    for line in TABLE.splitlines():
        if line[:1] == " ":
            for word in line.split():
                name, colon, groups = word.partition(":")
                for group in groups.split(",") if name.startswith("sheet") and colon else [""]:
                    for sheet in SHEETS[group].split() if group else [""]:
                        yield (method, f"{name} {sheet}" if sheet else word), answers
        elif line[:1].isalpha():
            method, *found = line.split()
            answers = tuple(found)


def said(answer: HttpResponse) -> str:
    if answer.status_code == 302 and answer["Location"].startswith("/accounts/login/"):
        return "in"
    return {401: "in", 403: "403", 404: "404", 405: "405"}.get(answer.status_code, "ok")


def sent(name: str, sheet: str, rows: dict[str, int]) -> dict[str, str]:
    """What a POST brings: to a table one line of the row, so that the right to that very row is asked."""
    place = name.removeprefix("desk-")
    shown = sheet if name == "sheet" else sheets_of_menu(place)[0].name if place != name else ""
    return {"count": "1", "r0-id": str(rows.get(shown, rows["first"](shown))), "r0-note": ""} if shown else {}


def test_every_sheet_is_in_one_group() -> None:
    assert sorted(" ".join(SHEETS.values()).split()) == sorted(all_sheets())


def test_every_line_has_as_many_answers_as_there_are_roles() -> None:
    assert {len(answers) for _address, answers in lines()} == {len(roles.ROLES)}


@pytest.mark.long
@pytest.mark.postgresql_is_enough
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_everybody_is_answered_as_the_table_says(method: str, example: Conference, monkeypatch) -> None:
    users = {"stranger": AnonymousUser()} | roles.make_role_users(example)
    parts = roles.route_arguments(example, by=users["chair"])
    rows = parts | {"first": lambda sheet: all_sheets()[sheet].rows(example).values_list("pk", flat=True)[0]}
    monkeypatch.setattr(Template, "render", lambda *_, **__: "")  # rights come before looks
    monkeypatch.setattr(paste, "make_table_workbook", lambda *_: b"")
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)  # thousands of refusals
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    client = Client()
    for name, sheet, path in named_addresses(example, **parts):
        data = sent(name, sheet, rows) if method == "POST" else {}
        ask = partial(asked, client, partial(getattr(client, method.lower()), path, data), monkeypatch)
        of_chair = ask(users["chair"])
        # the method is looked at before anybody's rights: where it is not 총괄's, it is nobody's
        others = {"stranger"} if of_chair == "405" else {*roles.ROLES} - {"chair"}
        answers = dict.fromkeys(roles.ROLES, of_chair) | {role: ask(users[role]) for role in others}
        found[method, f"{name} {sheet}".strip()] = tuple(answers.values())
    listed = [(address, answers) for address, answers in lines() if address[0] == method]
    assert [address for address, count in Counter(address for address, _ in listed).items() if count > 1] == []
    assert sorted(found) == sorted(dict(listed))  # no address without a line, no line without an address
    differ = [(*address, found[address], answers) for address, answers in listed if found[address] != answers]
    assert differ == []


def asked(client: Client, send: Callable[[], HttpResponse], monkeypatch: Any, user: User | AnonymousUser) -> str:
    """Ask as that person, and let nothing of it stay. How one comes to be signed in is no matter of this table."""
    monkeypatch.setattr(middleware, "get_user", lambda _request: user)
    client.cookies.clear()
    with transaction.atomic():
        answer = said(send())
        transaction.set_rollback(True)
    return answer
