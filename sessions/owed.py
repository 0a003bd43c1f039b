"""Work that the programme owes: its PDF, for every release in force."""

from conference import prints
from conference.models import Print
from conference.paper import press
from sessions import paper


def programme_pdfs() -> int:
    """Make the PDF of the programmes that have none; nothing where PDF cannot be made."""
    return 0 if press.available() else prints.make_owed(Print.Form.PROGRAMME, paper.pdf)


JOBS = {"programme PDF": programme_pdfs}
