"""work: the worker, which does pending work until it is stopped."""

import signal
from contextlib import suppress
from threading import Event
from types import FrameType

from django.core.management.base import BaseCommand, CommandParser

from config import jobs
from config.sqlite3.base import DatabaseWrapper


class Command(BaseCommand):
    help = "밀린 일을 되풀이하여 합니다. Ctrl-C나 TERM을 받으면 하던 일을 마치고 끝납니다. 만들던 파일은 다음에 다시 만듭니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=float, default=2.0, metavar="초", help="쉬는 시간(기본 2초)")

    def handle(self, *, every: float, **_options: object) -> None:
        DatabaseWrapper.can_create_file = False
        signals = (signal.SIGINT, signal.SIGTERM)

        def on_signal(_number: int, _frame: FrameType | None) -> None:
            for number in signals:  # a second signal must not interrupt the end
                signal.signal(number, signal.SIG_IGN)
            raise KeyboardInterrupt  # ends the child that makes a file, if there is one

        for number in signals:
            signal.signal(number, on_signal)
        with suppress(KeyboardInterrupt):
            jobs.run_until(every=every, until=Event())
