import pytest

from umlauf.errors import ConfigError
from umlauf.sources.registry import all_sources, find_source


def test_every_source_is_found_by_its_folder():
    assert [source.name for source in all_sources()] == sorted(
        source.name for source in all_sources()
    )
    assert find_source("hubspot") in all_sources()


def test_an_unknown_source_names_the_known_ones():
    with pytest.raises(ConfigError, match=r"no source 'hubspto'; there are .*hubspot, odoo"):
        find_source("hubspto")


@pytest.mark.parametrize("source", all_sources(), ids=lambda source: source.name)
def test_streams_are_named_once_and_in_lower_case(source):
    names = [stream.name for stream in source.streams]

    assert len(set(names)) == len(names)
    assert all(name == name.lower() and name.isidentifier() for name in names)
