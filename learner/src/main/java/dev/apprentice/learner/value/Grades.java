package dev.apprentice.learner.value;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What became of an instance's answers, by all that was said of them: a correction says whether the answer had been
 * right (the test before the lesson), a rating 0 or 1, a reward itself, each with its teacher's trust as its weight. An
 * episode's reward is spread over its turns. Words that were taken back, superseded or are held say nothing; a critique
 * and a preference do not say how good one answer is.
 */
final class Grades {
    /** How much of an episode's reward reaches back past what the head expected meanwhile. */
    private static final double LAMBDA = 0.95;

    private final ValueRows rows;
    private final String stamp;

    Grades(ValueRows rows, String stamp) {
        this.rows = rows;
        this.stamp = stamp;
    }

    /** One answer. */
    private record Key(String interaction, int choice) {}

    /** What was said of it together. */
    private static final class Grade {
        private double reward;
        private double weight;
        private long newest;

        void add(double reward, double weight, long at) {
            if (weight > 0) {
                this.reward += reward * weight;
                this.weight += weight;
                newest = Math.max(newest, at);
            }
        }
    }

    /** One word. */
    private record Word(Key key, double reward, double trust, long at) {}

    /** How an episode ended: by the last word of each teacher, weighed by trust. */
    record Ending(String episode, double reward, double weight, long at) {}

    /**
     * A graded answer with the confidence that it was given out with, if there was one.
     *
     * @param at order in which it was graded
     */
    record Graded(Outcome outcome, @Nullable Double confidence, long at) {}

    /**
     * The newest {@code limit} graded answers, oldest first.
     *
     * @param head what values of turns rest on, or null: then each turn's target is the reward
     */
    List<Graded> all(Handle db, String instance, int limit, @Nullable Head head) {
        var grades = new LinkedHashMap<Key, Grade>();
        for (var word : words(db, instance)) {
            grades.computeIfAbsent(word.key(), _ -> new Grade()).add(word.reward(), word.trust(), word.at());
        }
        for (var ending : endings(db, instance)) {
            spread(db, instance, ending, head, grades);
        }
        var newest = grades.entrySet().stream()
                .filter(grade -> grade.getValue().weight > 0)
                .sorted(Comparator.comparingLong((Map.Entry<Key, Grade> grade) -> grade.getValue().newest)
                        .reversed())
                .limit(limit)
                .toList();
        var graded = new ArrayList<Graded>();
        for (var grade : newest) {
            var key = grade.getKey();
            var said = grade.getValue();
            rows.find(db, stamp, key.interaction(), key.choice())
                    .ifPresent(row -> graded.add(new Graded(
                            new Outcome(
                                    row.request(),
                                    row.traits(),
                                    Math.clamp(said.reward / said.weight, 0, 1),
                                    Math.min(1, said.weight)),
                            row.confidence(),
                            said.newest)));
        }
        for (var row : rows.examined(db, instance, stamp, Math.max(0, limit - graded.size()))) {
            var reward = row.reward();
            if (reward != null) {
                graded.add(new Graded(new Outcome(row.request(), row.traits(), reward, 1, true), null, 0));
            }
        }
        graded.sort(Comparator.comparingLong(Graded::at));
        return sameLength(graded);
    }

    /** Traits with hidden states and traits without do not go together: those like the newest stay. */
    private static List<Graded> sameLength(List<Graded> graded) {
        if (graded.isEmpty()) {
            return graded;
        }
        ToDoubleFunction<Graded> length = each -> each.outcome().traits().values().length;
        double wanted = length.applyAsDouble(graded.getLast());
        return graded.stream()
                .filter(each -> length.applyAsDouble(each) == wanted)
                .toList();
    }

    private static List<Word> words(Handle db, String instance) {
        var words = new ArrayList<Word>(db.createQuery("""
                        select p.interaction, p.choice, p.passed as reward, l.trust, l.seq from prequential p
                        join lessons l on l.id = p.lesson
                        where p.instance = :instance and l.state not in ('WITHDRAWN', 'HELD', 'REJECTED')
                        """)
                .bind("instance", instance)
                .map((row, _) -> word(row))
                .list());
        words.addAll(db.createQuery("""
                        select interaction, choice, trust, seq, case kind when 'RATING'
                        then json_extract(own, '$.rating') = 'up' else json_extract(own, '$.reward') end as reward
                        from lessons where instance = :instance and kind in ('RATING', 'REWARD')
                        and interaction is not null and json_extract(own, '$.episode') is null
                        and state not in ('WITHDRAWN', 'SUPERSEDED', 'HELD', 'REJECTED')
                        """)
                .bind("instance", instance)
                .map((row, _) -> word(row))
                .list());
        return words;
    }

    private static Word word(ResultSet row) throws SQLException {
        return new Word(
                new Key(row.getString("interaction"), row.getInt("choice")),
                row.getDouble("reward"),
                row.getDouble("trust"),
                row.getLong("seq"));
    }

    /** How the instance's episodes ended, oldest word first. */
    List<Ending> endings(Handle db, String instance) {
        return db.createQuery("""
                        select json_extract(own, '$.episode') as episode, sum(trust) as weight, max(seq) as at,
                        sum(trust * json_extract(own, '$.reward')) / sum(trust) as reward
                        from lessons where instance = :instance and kind = 'REWARD'
                        and json_extract(own, '$.episode') is not null and trust > 0
                        and state not in ('WITHDRAWN', 'SUPERSEDED', 'HELD', 'REJECTED')
                        group by episode order by at
                        """)
                .bind("instance", instance)
                .map((row, _) -> new Ending(
                        row.getString("episode"), row.getDouble("reward"), row.getDouble("weight"), row.getLong("at")))
                .list();
    }

    private void spread(Handle db, String instance, Ending ending, @Nullable Head head, Map<Key, Grade> grades) {
        var turns = rows.turns(db, instance, ending.episode());
        var values = values(turns, head);
        var targets = Credit.targets(
                values == null ? new double[turns.size()] : values, ending.reward(), values == null ? 1 : LAMBDA);
        for (int k = 0; k < targets.length; k++) {
            grades.computeIfAbsent(new Key(turns.get(k).interaction(), 0), _ -> new Grade())
                    .add(targets[k], ending.weight(), ending.at());
        }
    }

    /** What {@code head} thinks of each turn, or null where it cannot say of all. */
    double @Nullable [] values(List<ValueRows.Turn> turns, @Nullable Head head) {
        if (head == null || turns.isEmpty()) {
            return null;
        }
        var values = new double[turns.size()];
        for (int k = 0; k < values.length; k++) {
            var turn = turns.get(k);
            var traits = turn.traits();
            if (traits == null || !stamp.equals(turn.stamp()) || traits.values().length != head.traits()) {
                return null;
            }
            values[k] = head.judge(traits).confidence();
        }
        return values;
    }
}
