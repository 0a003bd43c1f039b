"""The 결과보고 on screen and on paper: one template, one stylesheet, two renderers (html, pdf).

A rendering is a function of (edition content, sign-off box, VERSION); nothing here reads the database or the clock.
"""

# Part of every rendering's key: raise it when template, stylesheet, fonts or renderers change what a reader sees.
VERSION = "1"
