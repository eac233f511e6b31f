-- Candidates that passed are tried on live traffic, and what went live is watched; one row for each, open until it has an end.
create table trials (
  seq           integer primary key autoincrement,
  instance      text not null references instances (id) on delete cascade,
  kind          text not null,              -- shadow, canary or watch
  checkpoint    integer not null,           -- who is tried
  against       integer not null,           -- who was live when it began, or before the one that is watched; 0 is the bare base
  began         integer not null,
  ended         integer,
  outcome       text,                       -- promoted, advanced, withdrawn, kept, rolled_back or replaced
  says          text                        -- why, in words
);
create index trials_by_instance on trials (instance, seq);
create unique index trials_running on trials (instance) where ended is null and kind <> 'WATCH';
create unique index trials_watching on trials (instance) where ended is null and kind = 'WATCH';

-- Which answers a canary's chance has given to whom: only these are compared, as nobody chose their checkpoint.
create table trial_answers (
  interaction   text primary key references interactions (id) on delete cascade,
  trial         integer not null references trials (seq) on delete cascade,
  tried         integer not null            -- 1: the one on trial answered
) without rowid;
create index trial_answers_by_trial on trial_answers (trial);

-- What a candidate in the shadow would have said; never shown to whoever asked.
create table shadow_answers (
  interaction   text primary key references interactions (id) on delete cascade,
  trial         integer not null references trials (seq) on delete cascade,
  answer        text,                       -- null: the policy keeps no texts
  same          integer not null,           -- whether it is what was answered, case, white space and final punctuation aside
  created       integer not null
) without rowid;
create index shadow_answers_by_trial on shadow_answers (trial);

-- Ratings and rewards are looked up for each trial, among lessons of which there may be many more.
create index lessons_rated on lessons (instance, interaction) where kind in ('RATING', 'REWARD');
