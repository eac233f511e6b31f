-- What was seen of answers the moment they were whole: what the value function judges and learns from. The newest of
-- each instance are kept; an instance that keeps no texts has numbers only, no hidden states.
create table value_traits (
  seq           integer primary key autoincrement,
  instance      text not null references instances (id) on delete cascade,
  interaction   text not null,              -- or the name of an exam's item
  choice        integer not null,
  stamp         text not null,              -- base and dtype: states of others cannot be compared
  request       text not null,              -- equal for equal requests (the lesson package's Same)
  traits        blob not null,              -- little-endian float16
  confidence    real,                       -- as it was given out; null: nothing was fitted
  cautious      real,                       -- the same, one spread lower
  reward        real,                       -- of an exam's item; others are graded by lessons
  lesson        text,                       -- of an exam's item: what says that it was right
  unique (interaction, choice)
);
create index value_traits_by_instance on value_traits (instance, seq);

-- The value head of each instance, whole: what served before a restart serves after it.
create table value_heads (
  instance      text primary key references instances (id) on delete cascade,
  stamp         text not null,
  head          blob not null,              -- the value package's HeadBytes
  standing      text not null,              -- JSON: how good it is
  known         integer not null,           -- a digest of what it was fitted to: nothing new, no new fit
  fitted        integer not null
) without rowid;

-- The best of several answers is not drawn as one alone would be, so its log-probability weighs nothing.
alter table interactions add column best_of integer not null default 1;
