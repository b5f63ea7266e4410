"""HubSpot CRM, read nightly through the CRM v3 objects API and the v4 associations API.

API reference: https://developers.hubspot.com/docs/api-reference/crm-objects/guide
Money arrives as decimal text in the deal's own currency; times are UTC with milliseconds.
"""

from datetime import UTC, datetime

from umlauf.sources.hubspot.client import HubspotClient
from umlauf.spec import Source, Stream

SOURCE = Source(
    name="hubspot",
    conn_id="hubspot_default",
    start=datetime(2006, 1, 1, tzinfo=UTC),  # HubSpot's founding: nothing is older
    owner="sales-data",
    connect=HubspotClient,
    streams=(
        # Right before the deals it is compared with: what changes in between is then known to be
        # newer than the report.
        Stream(
            name="deals_by_stage",
            path="deals",
            version="hs_lastmodifieddate",
            mode="report",
            groupby=("dealstage",),
        ),
        Stream(
            name="deals",
            path="deals",
            version="hs_lastmodifieddate",
            census=True,
            fields=(
                "dealname", "dealstage", "pipeline", "amount", "deal_currency_code", "closedate",
                "createdate", "hs_lastmodifieddate", "hubspot_owner_id", "hs_object_id", "dealtype",
                "hs_is_closed_won", "hs_is_closed", "closed_lost_reason",
                "hs_deal_stage_probability",
            ),
            # Stage events, pushed close dates and amount changes: only the history knows them.
            history=("dealstage", "amount", "closedate", "hubspot_owner_id"),
        ),
        Stream(
            name="companies",
            path="companies",
            version="hs_lastmodifieddate",
            census=True,
            # segment and erp_customer_ref are custom properties; README.md says how to make them.
            fields=(
                "name", "domain", "industry", "country", "segment", "erp_customer_ref",
                "createdate", "hs_lastmodifieddate",
            ),
        ),
        Stream(
            name="contacts",
            path="contacts",
            version="lastmodifieddate",  # the one object whose stamp has no hs_ before it
            census=True,
            is_erasable=True,
            fields=(
                "email", "firstname", "lastname", "jobtitle", "phone", "createdate",
                "lastmodifieddate",
            ),
        ),
        Stream(
            name="line_items",
            path="line_items",
            version="hs_lastmodifieddate",
            census=True,
            fields=(
                "hs_product_id", "hs_sku", "name", "quantity", "price", "amount",
                "hs_discount_percentage", "createdate", "hs_lastmodifieddate",
            ),
        ),
        Stream(name="owners", path="/crm/v3/owners", version="updatedAt", mode="snapshot"),
        Stream(
            name="pipelines", path="/crm/v3/pipelines/deals", version="updatedAt", mode="snapshot"
        ),
        Stream(
            name="deals_to_companies",
            path="deals",
            to="companies",
            key="from.id",
            version="hs_lastmodifieddate",
            census=True,
        ),
        Stream(
            name="deals_to_contacts",
            path="deals",
            to="contacts",
            key="from.id",
            version="hs_lastmodifieddate",
            census=True,
        ),
        Stream(
            name="deals_to_line_items",
            path="deals",
            to="line_items",
            key="from.id",
            version="hs_lastmodifieddate",
            census=True,
        ),
    ),
)  # fmt: skip
