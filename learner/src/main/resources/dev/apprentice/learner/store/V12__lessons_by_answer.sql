-- Other wordings of a fact that has changed are found by the answer they still give.
create index lessons_by_answer on lessons (instance, near, substr(answer, 1, 64) collate nocase)
  where near is not null and kind in ('CORRECTION', 'EXAMPLE') and state in ('RECORDED', 'RECALLED', 'LIVE', 'PARKED');
-- What changed with a lesson goes with it when it is taken back.
create index lessons_by_change on lessons (json_extract(own, '$.changed_with')) where json_extract(own, '$.changed_with') is not null;
