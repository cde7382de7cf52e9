{{ config(materialized='view', bind=False) }}
select venue_id, name, nvl(city, 'unknown') as city, opened from {{ ref('venues') }}
