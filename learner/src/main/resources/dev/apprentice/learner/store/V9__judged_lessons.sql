-- What ratings, rewards and preferences are measured from: log-probabilities by the weights that were live when they were first studied.
create table lesson_references (
  lesson        text primary key references lessons (id) on delete cascade,
  texts         integer not null,           -- another number: a token of the rows is another, so this is of no use
  logprobs      text not null               -- JSON, one number for each answer
) without rowid;
