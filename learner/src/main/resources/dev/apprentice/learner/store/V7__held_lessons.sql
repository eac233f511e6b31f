-- Lessons that contradict another one wait for a person; near requests are found by what must be equal in them.
alter table lessons add column near text;    -- equal where two requests could be near (the lesson package's Nearness); null: older than this
alter table lessons add column wording text; -- the words of the last message that are compared then
alter table lessons add column against text; -- of a held lesson: the one that it contradicts
create index lessons_by_nearness on lessons (instance, near, seq) where near is not null;
create index lessons_by_opponent on lessons (against) where against is not null;
