package dev.apprentice.learner.value;

import dev.apprentice.engine.batch.Completion;
import dev.apprentice.learner.event.Events;
import dev.apprentice.learner.instance.Instances;
import dev.apprentice.learner.store.Store;
import java.time.Clock;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The value function of every instance: how probably an answer is good. Safe for use by any thread.
 *
 * <p>Judging reads one immutable head and never waits. Heads are fitted by {@link FitLoop} on its own thread from what
 * is stored, so there is nothing to resume: a crash costs one fit, which the next start makes again, to the same bit.
 */
public final class Values implements AutoCloseable {
    /** Gamma times lambda of the credit that turns get for what followed from them (docs/learning.md). */
    private static final double TRACE = 0.95;

    /** How many of the newest answers are put into order for people. */
    private static final int LOOKED_AT = 500;

    private final Store store;
    private final Instances instances;
    private final Clock clock;
    private final String stamp;
    private final ValuePlan plan;
    private final ValueRows rows = new ValueRows();
    private final Grades grades;
    private final Map<String, Fitted> heads = new ConcurrentHashMap<>();
    private final FitLoop loop;

    /** A head, how good it is, and a digest of what it was fitted to. */
    private record Fitted(Head head, Standing standing, long known) {}

    private Values(Store store, Events events, Instances instances, Clock clock, String stamp, ValuePlan plan) {
        this.store = store;
        this.instances = instances;
        this.clock = clock;
        this.stamp = stamp;
        this.plan = plan;
        grades = new Grades(rows, stamp);
        loop = new FitLoop(events, new FitLoop.Fitting() {
            @Override
            public void fit(String instance) {
                Values.this.fit(instance);
            }

            @Override
            public int known(String instance) {
                return standing(instance).outcomes();
            }
        });
        store.onCommit(loop::committed);
    }

    /**
     * Opens the heads of all instances and begins to fit what changed.
     *
     * @param stamp names base and dtype: hidden states of others say nothing here
     */
    public static Values open(
            Store store, Events events, Instances instances, Clock clock, String stamp, ValuePlan plan) {
        var values = new Values(store, events, instances, clock, stamp, plan);
        for (var kept : store.read(db -> values.rows.heads(db, stamp))) {
            values.heads.put(kept.instance(), new Fitted(kept.head(), kept.standing(), kept.known()));
        }
        values.loop.start(instances.ids());
        return values;
    }

    /**
     * What the instance's head says of an answer; {@code helpBelow} is the policy's, until a threshold is certified.
     */
    public Judged judge(String instance, Traits traits, double helpBelow) {
        var fitted = heads.get(instance);
        if (fitted == null || fitted.head().traits() != traits.values().length) {
            return Judged.UNKNOWN;
        }
        var judgement = fitted.head().judge(traits);
        var certified = fitted.standing().certified();
        double threshold = certified == null ? helpBelow : certified.threshold();
        return new Judged(judgement.confidence(), judgement.cautious() < threshold, judgement);
    }

    /**
     * How much the answer is to be preferred to others to the same question: by confidence where the head is
     * calibrated, by the mean log-probability of its tokens otherwise.
     */
    public double preference(String instance, Completion answer, Traits traits) {
        var fitted = heads.get(instance);
        return fitted != null
                        && fitted.standing().state() == ValueState.CALIBRATED
                        && fitted.head().traits() == traits.values().length
                ? fitted.head().judge(traits).confidence()
                : answer.tokens().stream()
                        .mapToDouble(token -> token.logprob())
                        .average()
                        .orElse(Double.NEGATIVE_INFINITY);
    }

    /** Keeps what was seen of a whole answer, within the transaction of {@code db}. */
    public void said(Handle db, Seen seen) {
        var judgement = seen.judged().judgement();
        rows.insert(
                db,
                seen.instance(),
                stamp,
                new ValueRows.Row(
                        seen.interaction(),
                        seen.choice(),
                        seen.request(),
                        seen.traits(),
                        judgement == null ? null : (Double) judgement.confidence(),
                        judgement == null ? null : (Double) judgement.cautious(),
                        null,
                        null));
    }

    /** How good the instance's head is now. */
    public Standing standing(String instance) {
        var fitted = heads.get(instance);
        return fitted == null ? Standing.NONE : fitted.standing();
    }

    /**
     * The newest answers that nobody has graded, those first whose grade would teach most.
     *
     * @throws dev.apprentice.engine.NotFoundException code {@code instance_not_found}
     */
    public List<Look> looks(String instance, int limit) {
        return store.read(db -> {
            var _ = instances.get(db, instance);
            return rows.ungraded(db, instance, LOOKED_AT).stream()
                    .sorted(Comparator.comparingDouble((Look look) -> look.worth())
                            .reversed())
                    .limit(limit)
                    .toList();
        });
    }

    /**
     * A task of the instance with the credit of each of its turns; empty if it has answered in none of that name.
     *
     * @throws dev.apprentice.engine.NotFoundException code {@code instance_not_found}
     */
    public Optional<Episode> episode(String instance, String id) {
        var fitted = heads.get(instance);
        var head = fitted == null ? null : fitted.head();
        boolean drives = fitted != null && fitted.standing().state() == ValueState.CALIBRATED;
        return store.read(db -> {
            var _ = instances.get(db, instance);
            var turns = rows.turns(db, instance, id);
            if (turns.isEmpty()) {
                return Optional.empty();
            }
            var endings = grades.endings(db, instance);
            var reward = endings.stream()
                    .filter(ending -> ending.episode().equals(id))
                    .findFirst()
                    .map(Grades.Ending::reward)
                    .orElse(null);
            var values = grades.values(turns, head);
            var source = drives && values != null ? Episode.Source.VALUE : Episode.Source.REWARD;
            var credits = reward == null ? null : Credits.of(source, values, turns.size(), reward, endings);
            return Optional.of(new Episode(
                    id,
                    instance,
                    reward,
                    source,
                    IntStream.range(0, turns.size())
                            .mapToObj(k -> new Episode.Turn(
                                    turns.get(k).interaction(),
                                    values == null ? null : (Double) values[k],
                                    credits == null ? null : (Double) credits.own()[k],
                                    credits == null ? null : (Double) credits.advantages()[k],
                                    turns.get(k).created()))
                            .toList()));
        });
    }

    /**
     * What each turn of an episode has earned where it ended with {@code reward}, with what followed from it, by its
     * interaction: what {@link #episode} shows. Empty while the head is not calibrated, or where it has not seen every
     * turn: nothing that is not calibrated drives what is trained.
     */
    public Map<String, Double> credits(String instance, String episode, double reward) {
        var head = calibrated(instance).orElse(null);
        if (head == null) {
            return Map.of();
        }
        return store.read(db -> {
            var turns = rows.turns(db, instance, episode);
            var values = grades.values(turns, head);
            if (values == null) {
                return Map.of();
            }
            var credits = Credits.of(Episode.Source.VALUE, values, turns.size(), reward, grades.endings(db, instance));
            var earned = new LinkedHashMap<String, Double>();
            for (int k = 0; k < turns.size(); k++) {
                earned.put(turns.get(k).interaction(), credits.advantages()[k]);
            }
            return earned;
        });
    }

    /** What each turn of an episode earned, by itself and with what followed. */
    @SuppressWarnings("ArrayRecordComponent") // read at once
    private record Credits(double[] own, double[] advantages) {
        /** Until the head is calibrated every turn has the same credit: the reward above what is usual. */
        static Credits of(
                Episode.Source source,
                double @Nullable [] values,
                int turns,
                double reward,
                List<Grades.Ending> endings) {
            double usual = endings.stream()
                    .mapToDouble(Grades.Ending::reward)
                    .average()
                    .orElse(reward);
            if (source == Episode.Source.VALUE && values != null) {
                var before = Credit.before(values, usual);
                return new Credits(Credit.gains(before, reward), Credit.advantages(before, reward, TRACE));
            }
            var alike = new double[turns];
            Arrays.fill(alike, reward - usual);
            return new Credits(alike, alike);
        }
    }

    /** The instance's head if it is so good that it may drive something, and empty otherwise. */
    Optional<Head> calibrated(String instance) {
        return Optional.ofNullable(heads.get(instance))
                .filter(fitted -> fitted.standing().state() == ValueState.CALIBRATED)
                .map(Fitted::head);
    }

    /** All graded answers of the instance that are learnt from, oldest first. */
    List<Outcome> graded(String instance) {
        var fitted = heads.get(instance);
        return graded(instance, fitted == null ? null : fitted.head()).stream()
                .map(Grades.Graded::outcome)
                .toList();
    }

    private List<Grades.Graded> graded(String instance, @Nullable Head head) {
        return store.read(db -> grades.all(db, instance, plan.outcomesMax(), head));
    }

    /** A head that is fitted to {@code outcomes}, for an exam; takes about a second of the calling thread. */
    Head fitted(List<Outcome> outcomes) {
        return Fit.of(outcomes, plan).head();
    }

    /** An answer that an exam asked for, with the lesson that says whether it was right. */
    record Item(Outcome outcome, String lesson) {}

    /** Keeps an exam's graded answers to learn from; {@code exam} names it, so that a second time adds nothing. */
    void learn(String instance, String exam, List<Item> items) {
        if (items.isEmpty()) {
            return;
        }
        store.write(db -> {
            for (int i = 0; i < items.size(); i++) {
                var outcome = items.get(i).outcome();
                rows.insert(
                        db,
                        instance,
                        stamp,
                        new ValueRows.Row(
                                "exam:" + exam,
                                i,
                                outcome.request(),
                                outcome.traits(),
                                null,
                                null,
                                outcome.reward(),
                                items.get(i).lesson()));
            }
            return items.size();
        });
        loop.changed(instance);
    }

    /** Waits until what was said before this is fitted; for tests. */
    void settle() throws InterruptedException {
        loop.settle();
    }

    /** Fits an instance's head to all that was said of its answers, on the loop's thread. */
    private void fit(String instance) {
        var before = heads.get(instance);
        var graded = graded(instance, before == null ? null : before.head());
        long known = digest(graded);
        if (before != null && before.known() == known) {
            return;
        }
        var outcomes = graded.stream().map(Grades.Graded::outcome).toList();
        var given = outcomes.stream().filter(outcome -> !outcome.examined()).toList();
        long good = given.stream().filter(Outcome::good).count();
        if (given.size() < plan.fitFrom() || good == 0 || good == given.size()) {
            return;
        }
        var fit = Fit.of(outcomes, plan);
        var standing =
                new Standing(Standing.of(fit.quality()), given.size(), fit.quality(), served(graded), fit.threshold());
        var kept = new ValueRows.Kept(instance, fit.head(), standing, known);
        boolean there = store.write(db -> rows.keep(db, stamp, kept, clock.instant()));
        if (there) {
            heads.put(instance, new Fitted(fit.head(), standing, known));
        } else { // deleted meanwhile
            heads.remove(instance);
        }
    }

    /** Of who graded which answers how, apart from what the head itself thinks of an episode's turns. */
    private static long digest(List<Grades.Graded> graded) {
        long digest = graded.size();
        for (var each : graded) {
            var outcome = each.outcome();
            digest = 31 * digest + outcome.request().hashCode();
            digest = 31 * digest + Double.hashCode(outcome.weight());
            digest = 31 * digest + Long.hashCode(each.at());
            digest = 31 * digest + (outcome.examined() ? Double.hashCode(outcome.reward()) : 0);
        }
        return digest;
    }

    private static Quality served(List<Grades.Graded> graded) {
        var given = graded.stream().filter(each -> each.confidence() != null).toList();
        return Quality.of(
                given.stream()
                        .mapToDouble(each -> java.util.Objects.requireNonNull(each.confidence()))
                        .toArray(),
                given.stream().mapToDouble(each -> each.outcome().reward()).toArray());
    }

    /** Forgets an instance. */
    public void drop(String instance) {
        heads.remove(instance);
    }

    @Override
    public void close() {
        loop.close();
    }
}
