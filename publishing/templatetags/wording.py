"""publishing.wording in templates."""

from django import template
from django.utils.translation import get_language

from publishing import wording

register = template.Library()
register.filter(wording.korean)
register.filter(wording.words)
register.filter(wording.plain)
register.filter(wording.day)
register.filter(wording.short_day)
register.filter(wording.person)
register.filter(wording.phone)
register.simple_tag(wording.hours)
register.simple_tag(wording.span)
register.filter(wording.date_tile)


@register.tag
def once(parser, token):
    """``{% once here %}…{% endonce %}``: render once for each language what is the same on all pages of a release.

    The content may use ``current`` and the values named in the tag, and no other variable of the page. A value that a
    visitor can invent may not be named, because each value is kept. ``{% once here unless query.text %}`` renders
    without keeping while ``query.text`` is true.
    """
    inner = parser.parse(("endonce",))
    parser.delete_first_token()
    words = token.split_contents()[1:]
    named = words[: words.index("unless")] if "unless" in words else words
    changing = words[len(named) + 1 :]
    return OnceNode(inner, *([parser.compile_filter(word) for word in part] for part in (named, changing)))


class OnceNode(template.Node):
    def __init__(self, nodelist, values, changing):
        self.nodelist, self.values, self.changing = nodelist, values, changing

    def render(self, context):
        if any(value.resolve(context) for value in self.changing):
            return self.nodelist.render(context)
        of = [str(value.resolve(context)) for value in self.values]
        return context["current"].cached_as((self, get_language(), *of), lambda: self.nodelist.render(context))
