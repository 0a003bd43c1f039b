"""Adds to WeasyPrint's PDF what ISO 14289-1 (PDF/UA-1) asks and WeasyPrint 70 leaves open.

- 7.5: every table header cell says whether it heads its row or its column. WeasyPrint writes lists of header ids instead,
  which miss cells beside a rowspan; they go.
- 7.2: a list item holds a label and a body only, so blocks beside the body move into it.
- 7.8: running heads and page numbers are artifacts; WeasyPrint marks them as content of no element.
- 5: the file is PDF/A-3a and PDF/UA-1 at once, so the second standard is added to the XMP packet.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from pikepdf import (
    Array,
    ContentStreamInlineImage,
    ContentStreamInstruction,
    Dictionary,
    Name,
    Object,
    ObjectStreamMode,
    Operator,
    Page,
    Pdf,
    parse_content_stream,
    unparse_content_stream,
)

_RDF = '<rdf:Description rdf:about="" xmlns:{prefix}="{uri}">{body}</rdf:Description>'
_UA = "http://www.aiim.org/pdfua/ns/id/"
# PDF/A allows only schemas that it defines, or that the packet itself describes.
_SCHEMA = (
    '<pdfaExtension:schemas xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"'
    ' xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><rdf:Bag><rdf:li rdf:parseType="Resource">'
    "<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>"
    f"<pdfaSchema:namespaceURI>{_UA}</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
    '<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>'
    "<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>"
    "<pdfaProperty:description>Part of ISO 14289 that the file follows</pdfaProperty:description>"
    "</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>"
)
_XMP = "".join(
    (
        _RDF.format(prefix="pdfuaid", uri=_UA, body="<pdfuaid:part>1</pdfuaid:part>"),
        _RDF.format(prefix="pdfaExtension", uri="http://www.aiim.org/pdfa/ns/extension/", body=_SCHEMA),
    ),
).encode()

Place = tuple[int, int]


def add_pdf_ua(raw: bytes) -> bytes:
    """Return WeasyPrint's tagged PDF/A-3a ``raw`` as PDF/A-3a and PDF/UA-1; the same input gives the same output."""
    out = io.BytesIO()
    with Pdf.open(io.BytesIO(raw)) as pdf:
        tree = pdf.Root.StructTreeRoot
        placed = {element.objgen for element in _correct_element(pdf, tree.K[0])}
        owners = _content_owners(tree)
        for page in pdf.pages:
            _mark_running(pdf, page, owners.get(int(page.obj.get("/StructParents", -1))), placed)
        packet = pdf.Root.Metadata
        packet.write(packet.read_bytes().replace(b"</rdf:RDF>", _XMP + b"</rdf:RDF>", 1))
        pdf.save(out, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
    return out.getvalue()


def _kids(element: Object) -> list[Object]:
    kids = element.get("/K")
    return [] if kids is None else list(kids) if isinstance(kids, Array) else [kids]


def _elements(element: Object) -> list[Object]:
    return [kid for kid in _kids(element) if isinstance(kid, Dictionary) and "/S" in kid]


def _correct_element(pdf: Pdf, element: Object, *, in_head: bool = False, is_first: bool = True) -> Iterator[Object]:
    """Correct ``element`` and all below it; yield each, so that the caller knows what is in the tree."""
    yield element
    kind = element.S
    if kind in (Name.TH, Name.TD):
        _set_header_scope(element, scope=Name.Row if is_first and not in_head else Name.Column)
    elif kind == Name.LI:
        _move_into_body(pdf, element)
    for index, kid in enumerate(_elements(element)):
        yield from _correct_element(pdf, kid, in_head=in_head or kind == Name.THead, is_first=index == 0)


def _set_header_scope(cell: Object, *, scope: Name) -> None:
    attributes = cell.get("/A", Dictionary(O=Name.Table))
    for key, owner in (("/Headers", attributes), ("/ID", cell)):
        if key in owner:
            del owner[key]
    if cell.S == Name.TH:
        attributes.Scope = scope
    cell.A = attributes


def _move_into_body(pdf: Pdf, item: Object) -> None:
    """Move the elements beside label and body of a list item into its body."""
    elements = _elements(item)
    if not (stray := [kid for kid in elements if kid.S not in (Name.Lbl, Name.LBody, Name.L)]):
        return
    body = next((kid for kid in elements if Name.LBody == kid.S), None)
    if body is None:
        body = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.LBody, P=item, K=Array()))
    moved = {kid.objgen for kid in stray}
    body.K = Array([*_kids(body), *stray])
    for kid in stray:
        kid.P = body
    left = [kid for kid in elements if kid.objgen not in moved and kid.objgen != body.objgen]
    item.K = Array([*(kid for kid in left if Name.Lbl == kid.S), body, *(kid for kid in left if Name.Lbl != kid.S)])


def _content_owners(tree: Object) -> dict[int, Object]:
    """Map a page's number in the parent tree to the array that names the element of each piece of its content."""
    numbers = list(tree.ParentTree.Nums)
    return {int(key): value for key, value in zip(numbers[::2], numbers[1::2], strict=True)}


def _mark_running(pdf: Pdf, page: Page, owners: Object | None, placed: set[Place]) -> None:
    """Mark the content whose element is not in the tree as an artifact: running head, page number."""
    if not isinstance(owners, Array):
        return
    running = {
        number for number, owner in enumerate(owners) if isinstance(owner, Dictionary) and owner.objgen not in placed
    }
    if not running:
        return
    artifact = [Name.Artifact, Dictionary(Type=Name.Pagination)]
    pieces = [
        ContentStreamInstruction(artifact, Operator("BDC")) if _content_id(piece) in running else piece
        for piece in parse_content_stream(page)
    ]
    page.Contents = pdf.make_stream(unparse_content_stream(pieces))
    for number in running:
        owners[number] = None


def _content_id(piece: ContentStreamInstruction | ContentStreamInlineImage) -> int:
    if piece.operator != Operator("BDC") or not isinstance(piece.operands[1], Dictionary):
        return -1
    return int(piece.operands[1].get("/MCID", -1))
