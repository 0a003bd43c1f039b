import signal
from threading import Event
from types import FrameType

from django.core.management.base import BaseCommand, CommandParser

from conference import owed
from conference.sqlite3.base import DatabaseWrapper


class Command(BaseCommand):
    help = "밀린 일을 되풀이하여 합니다. Ctrl-C나 TERM을 받으면 하던 일을 마치고 끝납니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=float, default=2.0, metavar="초", help="쉬는 시간(기본 2초)")

    def handle(self, *, every: float, **_options: object) -> None:
        stop = Event()
        DatabaseWrapper.makes_file = False

        def on_signal(_number: int, _frame: FrameType | None) -> None:
            stop.set()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, on_signal)
        owed.loop(every=every, until=stop)
