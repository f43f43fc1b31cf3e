"""Where the pages of a published set are, relative to each other: names that any file system and any server takes."""

import hashlib
import re

from ipv6check.model.standing import Standing

WHOLE = "whole"
AGENCIES = "agencies"
_PLAIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_OTHER = re.compile(r"[^a-z0-9]+")
_LONGEST = 60


def file_stem(agency: str) -> str:
    """A file name without its ending, always the same for an agency's id and different for every id.

    An id of lower-case letters, digits and single hyphens is its own name; any other gets a piece of its SHA-256, so
    that ``vn/83``, ``VN/83`` and ``vn-83`` stay apart, also where a file system ignores case.
    """
    if _PLAIN.fullmatch(agency) and len(agency) <= _LONGEST and not re.search(r"-[0-9a-f]{10}$", agency):
        return agency
    readable = _OTHER.sub("-", agency.lower()).strip("-")[:_LONGEST].strip("-") or "agency"
    return f"{readable}-{hashlib.sha256(agency.encode(errors='surrogatepass')).hexdigest()[:10]}"


def published_at(standing: Standing, agency: str) -> str:
    """The page of an agency as a link from the page of ``standing``; empty for the page itself and for no agency."""
    if not agency or standing.only_agencies == (agency,):
        return ""
    page = f"{file_stem(agency)}.html"
    return page if standing.only_agencies else f"{AGENCIES}/{page}"


def home_of(standing: Standing, language: str) -> str:
    """The index as a link from the page of ``standing``."""
    return f"{'../..' if standing.only_agencies else '..'}/index.{language}.html"
