"""conference.wording in templates."""

from django import template

from conference import wording

register = template.Library()
register.filter(wording.korean)
register.filter(wording.words)
register.filter(wording.plain)
register.filter(wording.day)
register.filter(wording.person)
register.filter(wording.phone)
register.simple_tag(wording.hours)
register.simple_tag(wording.span)
register.filter(wording.date_tile)
register.filter(wording.rooms)
