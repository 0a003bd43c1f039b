"""Line ends in templates that are not printed."""

from __future__ import annotations

import re
from typing import cast

from django import template
from django.template.base import Node, NodeList, Parser, TextNode, Token
from django.template.context import Context
from django.utils.safestring import SafeString

register = template.Library()
LINE_END = re.compile(r"\s*\n\s*")
LINE_END_BEFORE_ATTRIBUTE = re.compile(r"\s*\n\s*(?=\S)")


@register.tag
def joinlines(parser: Parser, _token: Token) -> Node:
    """From ``{% joinlines %}`` to its end a template prints no line ends, nor the blanks beside them.

    So what is to be read without a blank between can stand on lines of its own. In a tag of HTML a line end before the
    name of an attribute is printed as a blank; ``{% if … %} name="…"{% endif %}`` brings its own. Lines of values stay,
    and a template that is included needs the tag itself.
    """
    return JoinedLines(parser.parse())


class JoinedLines(Node):
    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        bracket = ">"  # the last one
        for node in cast("list[TextNode]", nodelist.get_nodes_by_type(TextNode)):
            pieces = re.split("([<>])", node.s)
            for index, piece in enumerate(pieces):
                bracket = piece if piece in ("<", ">") else bracket
                with_blanks = LINE_END_BEFORE_ATTRIBUTE.sub(" ", piece) if bracket == "<" else piece
                pieces[index] = LINE_END.sub("", with_blanks)
            node.s = "".join(pieces)

    def render(self, context: Context) -> SafeString:
        return self.nodelist.render(context)
