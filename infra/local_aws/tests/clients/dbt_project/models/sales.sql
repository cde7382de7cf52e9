{{ config(materialized='incremental', unique_key='sale_id', incremental_strategy='merge', dist='venue_id', sort='sold_at') }}
select sale_id, venue_id, amount, sold_at, getdate() as loaded_at from shop.sales
{% if is_incremental() %} where sold_at >= (select max(sold_at) from {{ this }}) {% endif %}
