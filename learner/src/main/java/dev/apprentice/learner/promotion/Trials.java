package dev.apprentice.learner.promotion;

import dev.apprentice.learner.event.EventKind;
import dev.apprentice.learner.event.Events;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.promotion.Weighing.Decision;
import dev.apprentice.learner.store.Store;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints on trial. What is written belongs to the transaction of its caller; what runs is also kept in memory, as
 * it is asked for each request. Any thread may ask.
 *
 * <p>Who is answered by a canary is drawn by chance, once for each episode, user or conversation, from the trial's own
 * number: the same people stay with it as long as it runs, and others are drawn for the next one. Only answers that
 * were drawn so are compared; nobody chose their checkpoint.
 */
public final class Trials {
    private static final int SHARES = 10_000;

    private final TrialRows rows = new TrialRows();
    private final Store store;
    private final Events events;
    private final TrialPlan plan;
    private final Clock clock;
    private final AtomicReference<Map<String, List<Trial>>> running = new AtomicReference<>(Map.of());

    /** The trials of {@code store}. */
    public Trials(Store store, Events events, TrialPlan plan, Clock clock) {
        this.store = store;
        this.events = events;
        this.plan = plan;
        this.clock = clock;
        refresh();
    }

    /** Reads anew what runs: to be called when a transaction that began or ended a trial is durable. */
    public void refresh() {
        var all = new LinkedHashMap<String, List<Trial>>();
        store.read(db -> rows.running(db, null))
                .forEach(trial -> all.merge(
                        trial.instance(),
                        List.of(trial),
                        (a, b) -> java.util.stream.Stream.concat(a.stream(), b.stream())
                                .toList()));
        running.set(Map.copyOf(all));
    }

    /** The shadow or canary that {@code instance} has now, if any. */
    public Optional<Trial> candidate(String instance) {
        return running(instance).stream()
                .filter(trial -> trial.kind() != Trial.Kind.WATCH)
                .findFirst();
    }

    /** All that run for {@code instance}. */
    public List<Trial> running(String instance) {
        return running.get().getOrDefault(instance, List.of());
    }

    /** The newest ones, newest first. */
    public List<Trial> newest(String instance, int limit) {
        return store.read(db -> rows.newest(db, instance, limit));
    }

    /**
     * Whether {@code trial} is drawn for {@code person}.
     *
     * @param percent share of all that are drawn
     */
    public static boolean drawn(Trial trial, String person, int percent) {
        var crc = new CRC32C();
        crc.update((trial.id() + " " + person).getBytes(StandardCharsets.UTF_8));
        // a CRC's low bits alone are a linear function of the text: mixed so that numbered names spread too
        long mixed = (crc.getValue() * 0x9E37_79B9_7F4A_7C15L) >>> 33;
        return mixed % SHARES < (long) percent * SHARES / 100;
    }

    /** {@code checkpoint} is on trial from here on. */
    public void begin(Handle db, String instance, Trial.Kind kind, int checkpoint, int against) {
        var trial = rows.open(db, instance, kind, checkpoint, against, clock.instant());
        if (kind != Trial.Kind.WATCH) {
            tell(db, trial, null, null);
        }
    }

    /** {@code trial} is over. */
    public void end(Handle db, Trial trial, Trial.Outcome outcome, String says) {
        rows.close(db, trial, outcome, says, clock.instant());
        if (trial.kind() != Trial.Kind.WATCH) {
            tell(db, trial, outcome, says);
        }
    }

    /** Those that run for {@code instance}, as the transaction sees them. */
    public List<Trial> running(Handle db, String instance) {
        return rows.running(db, instance);
    }

    /** Writes down, without waiting, whom chance gave {@code interaction} to. */
    public void note(String interaction, Trial trial, boolean tried) {
        var _ = store.submit(db -> {
            rows.drawn(db, interaction, trial, tried);
            return interaction;
        });
    }

    /** Writes down, without waiting, what {@code trial}'s checkpoint would have answered. */
    public void shadowed(String interaction, Trial trial, String answer, boolean same) {
        var _ = store.submit(db -> {
            rows.shadowed(db, interaction, trial, answer, same, clock.instant());
            return interaction;
        });
    }

    /** What was said so far of {@code trial}, and what follows. */
    public Finding weigh(Handle db, Trial trial, Instance instance) {
        var now = clock.instant();
        Decision decision = switch (trial.kind()) {
            case SHADOW ->
                Weighing.shadow(rows.shadow(db, trial, instance.policy().match()), trial.began(), now, plan);
            case CANARY -> Weighing.canary(rows.canary(db, trial), Duration.between(trial.began(), now), plan);
            case WATCH -> Weighing.watch(rows.watch(db, trial, plan.pairsMin(), plan.pairsMax()), plan);
        };
        var next = switch (decision.verdict()) {
            case GO_ON -> null;
            case GOOD ->
                switch (trial.kind()) {
                    case SHADOW ->
                        instance.policy().canaryPercent() > 0 ? Trial.Outcome.ADVANCED : Trial.Outcome.PROMOTED;
                    case CANARY -> Trial.Outcome.PROMOTED;
                    case WATCH -> Trial.Outcome.KEPT;
                };
            case WORSE -> trial.kind() == Trial.Kind.WATCH ? Trial.Outcome.ROLLED_BACK : Trial.Outcome.WITHDRAWN;
        };
        return new Finding(trial, next, decision.says());
    }

    /** The same for all that run for {@code instance}. */
    public List<Finding> weigh(Instance instance) {
        return running(instance.id()).isEmpty()
                ? List.of()
                : store.read(db -> rows.running(db, instance.id()).stream()
                        .map(trial -> weigh(db, trial, instance))
                        .toList());
    }

    /**
     * How a trial stands.
     *
     * @param trial which
     * @param next how it ends now, null if it goes on
     * @param says why, in words
     */
    public record Finding(Trial trial, Trial.@Nullable Outcome next, String says) {}

    private void tell(Handle db, Trial trial, Trial.@Nullable Outcome outcome, @Nullable String says) {
        var data = new LinkedHashMap<String, Object>();
        data.put("checkpoint", trial.checkpoint());
        data.put("kind", trial.kind().name().toLowerCase(Locale.ROOT));
        data.put("against", trial.against());
        if (outcome != null && says != null) {
            data.put("outcome", outcome.name().toLowerCase(Locale.ROOT));
            data.put("reason", says);
        }
        events.append(db, EventKind.TRIAL, trial.instance(), data);
    }
}
