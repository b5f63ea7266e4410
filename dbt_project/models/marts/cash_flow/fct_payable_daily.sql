-- One row per open payable item and day it was open, up to the business date of the build.

{{ config(materialized='view') }}

{{ open_items_aged(ref('fct_payable_span')) }}
