{{ config(materialized='materialized_view', dist='venue_id', sort=['venue_id'], auto_refresh=false) }}
select venue_id, sum(amount) as amount from {{ ref('sales') }} group by venue_id
