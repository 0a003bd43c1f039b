"""The first account of a portal in which nobody can sign in yet."""

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _

from accounts import passwords, users
from accounts.models import User


class Command(BaseCommand):
    help = "첫 관리자 계정을 만들고 비밀번호를 한 번 보입니다. 관리자가 이미 있으면 아무것도 하지 않습니다."

    def add_arguments(self, parser):
        parser.add_argument("username", metavar="USERNAME")
        parser.add_argument("--name", required=True, metavar="NAME", help="성명")

    def handle(self, *, username, name, **_options):
        if User._meta.db_table not in connection.introspection.table_names():
            call_command("migrate", interactive=False, verbosity=0)  # it may be the very first command
        password = passwords.make_readable_password()
        try:
            users.make_first_admin(username, name=name, password=password)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from None
        self.stdout.write(
            _("관리자 계정을 만들었습니다. 로그인한 뒤 ‘내 계정’의 ‘비밀번호 바꾸기’에서 비밀번호를 바꾸십시오.")
        )
        self.stdout.write(_("아이디: %(username)s") % {"username": username})
        self.stdout.write(_("비밀번호: %(password)s") % {"password": password})
