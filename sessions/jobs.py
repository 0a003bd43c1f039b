"""Work that the programme owes: its PDF, for every release in force."""

from conference import prints
from conference.heavy import Work
from conference.models import Print
from sessions import programme_pdf

HEAVY: dict[str, Work] = {"programme PDF": prints.work(Print.Form.PROGRAMME, programme_pdf.pdf)}
