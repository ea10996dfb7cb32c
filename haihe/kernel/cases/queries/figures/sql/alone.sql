-- The reports themselves, counted as they are; nobody leads a place.
-- Columns: as filed; led.
, counted as (
    select *, false as led from filed
)
