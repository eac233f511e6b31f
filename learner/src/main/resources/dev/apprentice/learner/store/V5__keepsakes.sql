-- Answers in the form in which a door gave them out, where the asker may want them again.
create table keepsakes (
  interaction   text primary key references interactions (id) on delete cascade,
  text          text not null
) without rowid;
