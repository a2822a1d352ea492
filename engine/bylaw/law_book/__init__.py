"""
The law book: every rule of a law on one page, with its owner, what it serves, what to do about it, and examples that
its tests hold it to. Made from the law itself, so that it says what is in force; the same law makes the same page.

    page = markdown_page(entries(modules, policies))
"""

from bylaw.law_book.entries import Entry, entries
from bylaw.law_book.examples import Example
from bylaw.law_book.html_page import html_page
from bylaw.law_book.markdown_page import markdown_page

__all__ = ["Entry", "Example", "entries", "html_page", "markdown_page"]
