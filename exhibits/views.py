"""The public page of the expo."""

from django.http import Http404
from django.shortcuts import render

from conference import content
from exhibits import expo_page
from publishing import page_cache


@page_cache.public_page
def exhibits(request, current):
    """`/<slug>/exhibits/`: when and where, who shows what, by district; what is given away."""
    if not (exhibitions := expo_page.exhibitions(current)):
        raise Http404
    context = {
        "current": current,
        "event": content.event(current.sections),
        "here": "exhibits",
        "exhibitions": exhibitions,
    }
    return render(request, "exhibits/exhibits.html", context)
