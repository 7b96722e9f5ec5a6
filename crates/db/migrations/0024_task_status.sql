-- How far an open task has come; that it is done is told by done_at alone.
alter table tasks add column status text not null default 'todo' check (status in ('todo', 'doing', 'waiting'));

call sec.make_past();
