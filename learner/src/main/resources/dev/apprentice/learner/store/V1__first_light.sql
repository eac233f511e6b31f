-- Times are microseconds since 1970; booleans are 0 and 1; columns of composite values are JSON.

create table facts (
  name          text primary key,
  value         text not null
) without rowid;

create table instances (
  seq           integer primary key autoincrement,
  id            text not null unique,
  description   text not null,
  system_prompt text,
  policy        text not null,
  frozen        integer not null default 0,
  live          integer not null default 0, -- number of the checkpoint that is to serve; 0 is the bare base
  base          text not null,              -- digest of the base that its lessons were taught on
  base_name     text not null,
  created       integer not null
);

-- One request. Written, durably, before its first token leaves.
create table interactions (
  seq           integer primary key autoincrement,
  id            text not null unique,
  instance      text references instances (id) on delete cascade, -- null: the bare base answered
  checkpoint    integer not null,
  adapter       text,                       -- digest of what really answered, null: no adapter
  messages      text,                       -- as the client sent them; null: the policy keeps no texts
  tools         text,
  episode       text,
  learn         integer not null,
  choices       integer not null,
  recalled      text not null,
  guided        text not null,              -- free, prior or forced: whose words the answer is
  familiar      integer not null,
  prompt_tokens integer not null,
  created       integer not null
);
create index interactions_by_instance on interactions (instance, seq);

-- What was answered, one row for each choice of an interaction. Written off the request's path.
create table answers (
  interaction   text not null references interactions (id) on delete cascade,
  choice        integer not null,
  state         text not null,              -- finished, cancelled or failed
  answer        text,
  tokens        blob,                       -- little-endian int32 ids
  logprobs      blob,                       -- little-endian float32, the serving log-probabilities
  finish        text,
  cached_tokens integer not null,
  fault         text,
  finished      integer not null,
  primary key (interaction, choice)
) without rowid;

create table lessons (
  seq           integer primary key autoincrement,
  id            text not null unique,
  instance      text not null references instances (id) on delete cascade,
  kind          text not null,              -- correction or example
  interaction   text,
  choice        integer not null default 0,
  teacher       text not null,
  messages      text not null,
  same          text not null,              -- equal for equal requests (the lesson package's Same)
  answer        text not null,
  said          text,                       -- what had been answered; null: unknown, or not known yet
  state         text not null,
  reason        text,
  passes        integer,
  checkpoint    integer,                    -- number of the first that carried it
  pinned        integer not null default 0,
  trust         real not null,
  created       integer not null,
  changed       integer not null
);
create index lessons_by_instance on lessons (instance, state, seq);
create index lessons_by_request on lessons (instance, same);
create index lessons_by_interaction on lessons (interaction, choice);

create table idempotency (
  scope         text not null,              -- the API key's id, or local
  name          text not null,              -- the Idempotency-Key
  body          text not null,              -- SHA-256 of what was said
  lesson        text not null references lessons (id) on delete cascade,
  created       integer not null,
  primary key (scope, name)
) without rowid;
create index idempotency_by_age on idempotency (created);
create index idempotency_by_lesson on idempotency (lesson);

-- Test, then train: how the answer that a correction was given for had done, before the correction taught anything.
create table prequential (
  seq           integer primary key autoincrement,
  instance      text not null references instances (id) on delete cascade,
  interaction   text not null,
  choice        integer not null,
  lesson        text not null,              -- the last correction, which judges
  checkpoint    integer not null,
  guided        text not null,
  passed        integer not null,
  created       integer not null,
  unique (interaction, choice)
);
create index prequential_by_instance on prequential (instance, seq);

create table checkpoints (
  seq           integer primary key autoincrement,
  instance      text not null references instances (id) on delete cascade,
  number        integer,                    -- of those that passed or were uploaded
  candidate     text not null unique,
  origin        text not null,              -- study or upload
  state         text not null,
  reason        text,
  parent        integer,                    -- number it was trained from; null: the base
  lessons       text not null,
  plan          text not null,
  exam          text,
  fit           text,                       -- what is pinned with it beside the adapter: gate, recall's fit
  adapter       text not null,              -- digest of adapter_model.safetensors
  folder        text not null,              -- name below adapters/
  base          text not null,
  tokenizer     text not null,
  template      text not null,
  trainer       text not null,
  created       integer not null,
  unique (instance, number)
);

-- Every change of what is live, in order: what a rollback goes back along.
create table promotions (
  seq           integer primary key autoincrement,
  instance      text not null references instances (id) on delete cascade,
  kind          text not null,              -- promote or rollback
  before        integer not null,
  after         integer not null,
  created       integer not null
);
create index promotions_by_instance on promotions (instance, seq);

create table events (
  seq           integer primary key autoincrement,
  kind          text not null,
  instance      text not null,
  data          text not null,
  created       integer not null
);
