"""Jobs of the programme: its PDF for every release in force."""

from publishing import generated_files
from publishing.heavy import HeavyWork
from publishing.models import GeneratedFile
from sessions import programme_pdf

HEAVY: dict[str, HeavyWork] = {
    "programme PDF": generated_files.heavy_work(GeneratedFile.Kind.PROGRAMME, programme_pdf.render_pdf)
}
