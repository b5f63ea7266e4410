"""Kubernetes' own types of fields, from its OpenAPI document, as its Python client carries them."""

import re

from kubernetes.client import models

_PLAIN = {"str": str, "int": int, "bool": bool, "float": (int, float), "object": object}


def unlike(value, kind, place):
    """Yield each field that the type does not have, that is of another type, or that is missing."""
    if kind in _PLAIN:
        if not isinstance(value, _PLAIN[kind]) or (kind == "int" and isinstance(value, bool)):
            yield f"{place}: {kind} expected, {value!r} came"
    elif inner := re.fullmatch(r"list\[(.+)\]", kind):
        if not isinstance(value, list):
            yield f"{place}: a list expected, {value!r} came"
            return
        for number, one in enumerate(value):
            yield from unlike(one, inner[1], f"{place}[{number}]")
    elif inner := re.fullmatch(r"dict\[str, (.+)\]", kind):
        for name, one in value.items():
            yield from unlike(one, inner[1], f"{place}.{name}")
    else:
        yield from _unlike_model(value, getattr(models, kind), place)


def _unlike_model(value, model, place):
    if not isinstance(value, dict):
        yield f"{place}: {model.__name__} expected, {value!r} came"
        return
    fields = {name: field for field, name in model.attribute_map.items()}
    for name, one in value.items():
        if name not in fields:
            yield f"{place}.{name}: {model.__name__} has no such field"
        else:
            yield from unlike(one, model.openapi_types[fields[name]], f"{place}.{name}")
    try:
        model(**{fields[name]: one for name, one in value.items() if name in fields})
    except ValueError as error:  # a field that must be there is not
        yield f"{place}: {error}"
