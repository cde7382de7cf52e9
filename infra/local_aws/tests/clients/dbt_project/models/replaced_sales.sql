{{ config(materialized='incremental', unique_key='sale_id', incremental_strategy='delete+insert', on_schema_change='append_new_columns') }}
select sale_id, amount, {% if is_incremental() %} 'again'::varchar(20) as seen {% else %} 'first'::varchar(20) as seen {% endif %} from shop.sales
