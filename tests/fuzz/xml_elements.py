"""Mutations of camt: elements, texts, document types, encodings."""

import re

from tests.fuzz.raw_bytes import TEXTS

# What external entities point to; the worker puts a real file and a listening port in their stead.
CANARY_FILE, CANARY_URL = "file:///umlauf-canary", "http://umlauf-canary/"
_ELEMENT = re.compile(r"<(\w+)(?: [^<>]*)?>[^<>]*</\1>")
_TAG = re.compile(r"</?\w+[^<>]*>")
_DOCTYPES = (
    '<!DOCTYPE d [<!ENTITY x SYSTEM "{canary}">]>',
    '<!DOCTYPE d SYSTEM "{url}x.dtd">',
    '<!DOCTYPE d PUBLIC "-//x//x" "{url}x.dtd">',
    '<!DOCTYPE d [<!ENTITY % x SYSTEM "{url}x"> %x;]>',
    '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY x "&b;&b;&b;">]>',
    '<?xml-stylesheet href="{url}x.xsl"?>',
    '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{canary}" parse="text"/>',
)
_CODECS = ("utf-16", "utf-16-le", "latin-1", "cp1252", "utf-7", "utf-32", "cp037")


def mutated(rng, data):
    """Return the document after some edits of its elements."""
    text = data.decode("utf-8", "replace")
    for _ in range(rng.choice((1, 1, 2, 3, 8))):
        text = rng.choice(EDITS)(rng, text)
    if rng.random() < 0.1:
        return text.encode(rng.choice(_CODECS), "replace")
    return text.encode("utf-8", "replace")


def _pick(rng, pattern, text):
    found = list(pattern.finditer(text))
    return rng.choice(found) if found else None


def _replace(match, text, new):
    return text if match is None else text[: match.start()] + new + text[match.end() :]


def _drop(rng, text):
    return _replace(_pick(rng, _ELEMENT, text), text, "")


def _double(rng, text):
    match = _pick(rng, _ELEMENT, text)
    return _replace(match, text, match[0] * rng.choice((2, 3, 100))) if match else text


def _poison(rng, text):
    match = _pick(rng, _ELEMENT, text)
    if match is None:
        return text
    value = rng.choice((*TEXTS, "&x;", "&#0;", "&#x1b;", "<![CDATA[" + "]]" + "]>", "<x/>"))
    start, end = match[0].index(">") + 1, match[0].rindex("</")
    return _replace(match, text, match[0][:start] + value + match[0][end:])


def _attribute(rng, text):
    match = _pick(rng, re.compile(r'="[^"]*"'), text)
    return _replace(match, text, f'="{rng.choice(TEXTS)}"')


def _lose_tag(rng, text):
    return _replace(_pick(rng, _TAG, text), text, "")


def _rename(rng, text):
    names = sorted(set(re.findall(r"</(\w+)>", text)))
    if not names:
        return text
    return re.sub(rf"(</?){rng.choice(names)}\b", rf"\g<1>{rng.choice(names)}", text)


def _nest(rng, text):
    match = _pick(rng, _ELEMENT, text)
    depth = rng.choice((2, 100, 300, 20_000))
    return _replace(match, text, f"<Pty>{'<Pty>' * depth}{'</Pty>' * depth}</Pty>")


def _doctype(rng, text):
    told = rng.choice(_DOCTYPES).format(canary=CANARY_FILE, url=CANARY_URL)
    text = _poison_entity(rng, text)
    at = rng.choice((text.find("<Document"), text.find("?>") + 2, rng.randint(0, len(text))))
    return text[:at] + told + text[at:]


def _poison_entity(rng, text):
    match = _pick(rng, re.compile(r"(?<=>)[^<>]+(?=<)"), text)
    return _replace(match, text, "&x;")


def _version(rng, text):
    new = f"05{rng.randint(0, 5)}.001.{rng.randint(0, 15):02}"
    return re.sub(r"05\d\.001\.\d\d", new, text)


EDITS = (
    _drop, _drop, _double, _poison, _poison, _poison, _attribute, _lose_tag, _rename, _nest,
    _doctype, _version,
)  # fmt: skip
