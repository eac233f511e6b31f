-- What one teacher has said of one answer is asked for with each opinion on it, of which there may be thousands.

drop index lessons_by_interaction;
create index lessons_by_interaction on lessons (interaction, choice, teacher);
