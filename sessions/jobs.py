"""Jobs of the programme: its PDF for every release in force."""

from publishing import generated_files
from publishing.heavy import Work
from publishing.models import Print
from sessions import programme_pdf

HEAVY: dict[str, Work] = {"programme PDF": generated_files.work(Print.Form.PROGRAMME, programme_pdf.render_pdf)}
