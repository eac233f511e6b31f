package dev.apprentice.client.admin;

import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Which events to watch. */
public final class EventQuery {
    private final @Nullable Long after;
    private final @Nullable String instance;

    private EventQuery(@Nullable Long after, @Nullable String instance) {
        this.after = after;
        this.instance = instance;
    }

    /**
     * What happens from now on, to any instance.
     *
     * @return the query
     */
    public static EventQuery fromNow() {
        return new EventQuery(null, null);
    }

    /**
     * What happened after the event {@code sequence}, and from then on.
     *
     * @param sequence an event's {@link Event#sequence()}
     * @return the query
     */
    public static EventQuery after(long sequence) {
        return new EventQuery(sequence, null);
    }

    /**
     * The same, going on after {@code sequence}.
     *
     * @param sequence an event's {@link Event#sequence()}
     * @return the query
     */
    public EventQuery resumedAfter(long sequence) {
        return new EventQuery(sequence, instance);
    }

    /**
     * The same, of {@code instance} only.
     *
     * @param instance the instance's id
     * @return the query
     */
    public EventQuery ofInstance(String instance) {
        return new EventQuery(after, instance);
    }

    /** {@return the event to go on after; nothing: from now on} */
    public OptionalLong after() {
        return after == null ? OptionalLong.empty() : OptionalLong.of(after);
    }

    /** {@return the only instance; nothing: all} */
    public Optional<String> instance() {
        return Optional.ofNullable(instance);
    }

    @Override
    public String toString() {
        return "EventQuery[after=" + after + ", instance=" + instance + "]";
    }
}
