from umlauf.health.lineage import Lineage

PAIRS = [
    ("crm.deals", "pipeline.fct_deal"),
    ("crm.deals", "pipeline.fct_deal_span"),
    ("crm.deals", "trust.ledger"),
    ("crm.owners", "core.dim_owner"),
    *((("erp.items", f"inventory.fct_{number}")) for number in range(5)),
    ("erp.moves", "inventory.fct_0"),
    ("erp.moves", "core.dim_owner"),
    ("fct_deal", "pipeline.fct_deal"),
    ("forecast_score", "trust.forecast_score"),
]


def test_a_stream_names_its_marts_and_whole_schemas_by_their_name():
    lineage = Lineage.of(PAIRS)

    assert lineage.sentence("crm.deals") == "all of pipeline"
    assert lineage.sentence("erp.moves") == "all of core, inventory.fct_0"
    assert lineage.sentence("marts.fct_deal") == "pipeline.fct_deal"
    assert lineage.sentence("marts.forecast_score") == "trust.forecast_score"


def test_a_source_is_all_its_streams():
    assert Lineage.of(PAIRS).sentence("crm") == "all of core, all of pipeline"


def test_many_of_a_schema_are_counted():
    lineage = Lineage.of([*PAIRS, ("x.y", "inventory.fct_more")])

    assert lineage.sentence("erp.items") == "5 of 6 in inventory"


def test_what_nothing_is_built_from_concerns_no_mart_and_without_a_snapshot_nobody_knows():
    assert Lineage.of(PAIRS).sentence("crm.nothing") == "no mart"
    assert Lineage().sentence("crm") == "all marts, as far as is known"
