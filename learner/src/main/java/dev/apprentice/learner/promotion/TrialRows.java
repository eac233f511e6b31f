package dev.apprentice.learner.promotion;

import dev.apprentice.learner.instance.Match;
import dev.apprentice.learner.lesson.Right;
import dev.apprentice.learner.promotion.Weighing.Rewards;
import dev.apprentice.learner.promotion.Weighing.Shadow;
import dev.apprentice.learner.store.Columns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The tables of trials, and what was said of their answers. */
final class TrialRows {
    /** Ratings and rewards that stand, each as a number from 0 to 1. */
    private static final String RATED = """
            select l.interaction, l.choice, l.trust,
            case when l.kind = 'REWARD' then json_extract(l.own, '$.reward')
                 when json_extract(l.own, '$.rating') = 'up' then 1.0 else 0.0 end as reward
            from lessons l join interactions i on i.id = l.interaction
            """;

    private static final String STANDS = """
             where l.instance = :instance and l.kind in ('RATING', 'REWARD') and l.trust > 0
            and l.state not in ('SUPERSEDED', 'WITHDRAWN', 'REJECTED', 'HELD') and i.guided <> 'FORCED'
            """;

    Trial open(Handle db, String instance, Trial.Kind kind, int checkpoint, int against, Instant now) {
        db.createUpdate("""
                        insert into trials (instance, kind, checkpoint, against, began)
                        values (:instance, :kind, :checkpoint, :against, :began)
                        """)
                .bind("instance", instance)
                .bind("kind", kind.name())
                .bind("checkpoint", checkpoint)
                .bind("against", against)
                .bind("began", Columns.micros(now))
                .execute();
        long id =
                db.createQuery("select max(seq) from trials").mapTo(Long.class).one();
        return new Trial(id, instance, kind, checkpoint, against, Columns.stored(now), null, null, null);
    }

    void close(Handle db, Trial trial, Trial.Outcome outcome, String says, Instant now) {
        db.createUpdate("update trials set ended = :now, outcome = :outcome, says = :says where seq = :seq")
                .bind("seq", trial.id())
                .bind("outcome", outcome.name())
                .bind("says", says)
                .bind("now", Columns.micros(now))
                .execute();
    }

    /** Those that run, of one instance, or of all where it is null. */
    List<Trial> running(Handle db, @Nullable String instance) {
        return db.createQuery("""
                        select * from trials where ended is null and (:instance is null or instance = :instance)
                        order by seq
                        """)
                .bind("instance", instance)
                .map((row, _) -> trial(row))
                .list();
    }

    /** The newest trials of an instance, newest first. */
    List<Trial> newest(Handle db, String instance, int limit) {
        return db.createQuery("select * from trials where instance = :instance order by seq desc limit :limit")
                .bind("instance", instance)
                .bind("limit", limit)
                .map((row, _) -> trial(row))
                .list();
    }

    /** The answer to {@code interaction} is one of {@code trial}'s, by the one on trial or by the other. */
    void drawn(Handle db, String interaction, Trial trial, boolean tried) {
        db.createUpdate("""
                        insert or ignore into trial_answers (interaction, trial, tried)
                        select i.id, t.seq, :tried from interactions i, trials t where i.id = :interaction and t.seq = :trial
                        """)
                .bind("interaction", interaction)
                .bind("trial", trial.id())
                .bind("tried", tried)
                .execute();
    }

    /** What {@code trial}'s checkpoint would have answered. */
    void shadowed(Handle db, String interaction, Trial trial, @Nullable String answer, boolean same, Instant now) {
        db.createUpdate("""
                        insert or ignore into shadow_answers (interaction, trial, answer, same, created)
                        select i.id, t.seq, iif(i.messages is null, null, :answer), :same, :now
                        from interactions i, trials t where i.id = :interaction and t.seq = :trial
                        """)
                .bind("interaction", interaction)
                .bind("trial", trial.id())
                .bind("answer", answer)
                .bind("same", same)
                .bind("now", Columns.micros(now))
                .execute();
    }

    /** Rewards of the answers that chance gave to the one and to the other, oldest first. */
    Rewards canary(Handle db, Trial trial) {
        return new Rewards(drawn(db, trial, true), drawn(db, trial, false));
    }

    private List<Double> drawn(Handle db, Trial trial, boolean tried) {
        return rewards(db.createQuery(RATED + " join trial_answers t on t.interaction = i.id" + STANDS
                        + " and t.trial = :trial and t.tried = :tried order by l.seq")
                .bind("instance", trial.instance())
                .bind("trial", trial.id())
                .bind("tried", tried)
                .map((row, _) -> Rated.of(row))
                .list());
    }

    /**
     * Rewards since {@code trial} began, oldest first, and those of what was live before, newest first: of that
     * checkpoint, or, where it has too few, of all answers from before that others gave.
     *
     * @param enough how few are too few
     * @param most how many of the earlier ones are looked at
     */
    Rewards watch(Handle db, Trial trial, int enough, int most) {
        var since = rewards(db.createQuery(RATED + STANDS
                        + " and i.checkpoint = :number and i.created >= :began order by l.seq limit :limit")
                .bind("instance", trial.instance())
                .bind("number", trial.checkpoint())
                .bind("began", Columns.micros(trial.began()))
                .bind("limit", 2 * most)
                .map((row, _) -> Rated.of(row))
                .list());
        var earlier = before(db, trial, trial.against(), most);
        return new Rewards(since, earlier.size() < enough ? before(db, trial, null, most) : earlier);
    }

    private List<Double> before(Handle db, Trial trial, @Nullable Integer number, int most) {
        return rewards(db.createQuery(RATED + STANDS + " and (:number is null or i.checkpoint = :number)"
                        + " and i.created < :began and i.checkpoint <> :tried order by l.seq desc limit :limit")
                .bind("instance", trial.instance())
                .bind("number", number)
                .bind("tried", trial.checkpoint())
                .bind("began", Columns.micros(trial.began()))
                .bind("limit", 2 * most)
                .map((row, _) -> Rated.of(row))
                .list());
    }

    /** What a shadow said, and what corrections said of it. */
    Shadow shadow(Handle db, Trial trial, Match match) {
        var counts = db.createQuery(
                        "select count(*) as answers, coalesce(sum(same), 0) as same from shadow_answers where trial = :trial")
                .bind("trial", trial.id())
                .map((row, _) -> new Shadow(row.getInt("answers"), row.getInt("same"), 0, 0))
                .one();
        var corrected = db.createQuery("""
                        select s.answer, p.passed, l.answer as wanted from shadow_answers s
                        join prequential p on p.interaction = s.interaction and p.choice = 0
                        join lessons l on l.id = p.lesson
                        where s.trial = :trial and s.answer is not null and l.state not in ('WITHDRAWN', 'REJECTED')
                        """)
                .bind("trial", trial.id())
                .map((row, _) -> new Corrected(
                        Right.holds(match, row.getString("answer"), row.getString("wanted")), row.getBoolean("passed")))
                .list();
        return new Shadow(
                counts.answers(),
                counts.same(),
                (int) corrected.stream().filter(c -> c.shadow() && !c.light()).count(),
                (int) corrected.stream().filter(c -> !c.shadow() && c.light()).count());
    }

    private record Corrected(boolean shadow, boolean light) {}

    /** One word on one answer. */
    private record Rated(String answer, double trust, double reward) {
        static Rated of(ResultSet row) throws SQLException {
            return new Rated(
                    row.getString("interaction") + " " + row.getInt("choice"),
                    row.getDouble("trust"),
                    row.getDouble("reward"));
        }
    }

    /** One reward for each answer: where several have spoken, the mean by trust. */
    private static List<Double> rewards(List<Rated> words) {
        Map<String, double[]> sums = new LinkedHashMap<>();
        for (var word : words) {
            var sum = sums.computeIfAbsent(word.answer(), _ -> new double[2]);
            sum[0] += word.trust() * word.reward();
            sum[1] += word.trust();
        }
        var rewards = new ArrayList<Double>();
        sums.values().forEach(sum -> rewards.add(sum[0] / sum[1]));
        return rewards;
    }

    private static Trial trial(ResultSet row) throws SQLException {
        var outcome = Columns.text(row, "outcome");
        return new Trial(
                row.getLong("seq"),
                row.getString("instance"),
                Trial.Kind.valueOf(row.getString("kind")),
                row.getInt("checkpoint"),
                row.getInt("against"),
                Columns.time(row, "began"),
                outcome == null ? null : Columns.time(row, "ended"),
                outcome == null ? null : Trial.Outcome.valueOf(outcome),
                Columns.text(row, "says"));
    }
}
