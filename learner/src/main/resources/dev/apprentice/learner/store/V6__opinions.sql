-- Feedback of every kind: what a rating, reward, preference or critique says beside the columns that all lessons have.
alter table lessons add column own text not null default '{}';
create index interactions_by_episode on interactions (episode) where episode is not null;
