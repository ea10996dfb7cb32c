-- The divisions at or below one (all, for none named), each with the one of a level that holds it.
-- Columns: code; part (code of the division of that level, '' where there is none); level.
with recursive below (code, part, level) as (
    select code::text, case when level = %(level)s then code::text else '' end, level
    from places_division
    where code = %(division)s or (%(division)s = '' and parent_id is null)
    union all
    select d.code::text, case when d.level = %(level)s then d.code::text else below.part end, d.level
    from places_division d join below on d.parent_id = below.code
)
