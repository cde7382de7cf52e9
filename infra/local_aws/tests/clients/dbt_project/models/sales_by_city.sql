{{ config(materialized='table', dist='all', sort=['city']) }}
select v.city, sum(s.amount) as amount, count(*) as sales
from {{ ref('sales') }} s join {{ ref('stg_venues') }} v on v.venue_id = s.venue_id group by 1
