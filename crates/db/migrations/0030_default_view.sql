-- The saved view with which somebody's list of households begins. No foreign key: a view that was removed, or that they see no longer,
-- is none, and whoever removes a view does not reach into the preferences of others.
alter table profiles add column default_view_id uuid;
