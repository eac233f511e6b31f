package dev.apprentice.learner.promotion;

import dev.apprentice.learner.event.EventKind;
import dev.apprentice.learner.event.Events;
import dev.apprentice.learner.instance.Instances;
import dev.apprentice.learner.store.Columns;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Which checkpoint of each instance is live, and which were before. Answers that are being made keep the one that they
 * began with, as each names its adapter to the engine by content: a swap has nobody to wait for.
 */
public final class Swap {
    private static final System.Logger LOG = System.getLogger(Swap.class.getName());

    /** Why another checkpoint goes live. */
    public enum Kind {
        /** It is the better one. */
        PROMOTE,
        /** The one after it is to be undone. */
        ROLLBACK
    }

    private final Instances instances;
    private final Events events;
    private final Clock clock;

    /** Swaps of the live checkpoints of {@code instances}, which {@code events} tell of. */
    public Swap(Instances instances, Events events, Clock clock) {
        this.instances = instances;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Makes checkpoint {@code after} live instead of {@code before}, within the transaction of {@code db}.
     *
     * @param why in words, null where somebody asked for it or an exam was passed
     */
    public void swap(Handle db, String instance, Kind kind, int before, int after, @Nullable String why) {
        instances.live(db, instance, after);
        db.createUpdate("""
                        insert into promotions (instance, kind, before, after, created)
                        values (:instance, :kind, :before, :after, :created)
                        """)
                .bind("instance", instance)
                .bind("kind", kind.name().toLowerCase(Locale.ROOT))
                .bind("before", before)
                .bind("after", after)
                .bind("created", Columns.micros(clock.instant()))
                .execute();
        var event = kind == Kind.PROMOTE ? EventKind.PROMOTION : EventKind.ROLLBACK;
        events.append(
                db,
                event,
                instance,
                why == null
                        ? Map.of("checkpoint", after, "before", before)
                        : Map.of("checkpoint", after, "before", before, "reason", why));
        LOG.log(
                System.Logger.Level.INFO,
                "swap={0} instance={1} checkpoint={2} before={3} reason=\"{4}\"",
                kind.name().toLowerCase(Locale.ROOT),
                instance,
                Integer.toString(after),
                Integer.toString(before),
                why == null ? "" : why);
    }

    /** What was live before {@code live} was last promoted; empty if it never was. */
    public OptionalInt before(Handle db, String instance, int live) {
        return db.createQuery("""
                        select before from promotions where instance = :instance and after = :live and kind = 'promote'
                        order by seq desc limit 1
                        """)
                .bind("instance", instance)
                .bind("live", live)
                .mapTo(Integer.class)
                .findOne()
                .map(OptionalInt::of)
                .orElse(OptionalInt.empty());
    }
}
