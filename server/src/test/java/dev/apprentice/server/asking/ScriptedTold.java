package dev.apprentice.server.asking;

import dev.apprentice.engine.batch.Completion;
import dev.apprentice.engine.batch.FinishReason;
import dev.apprentice.engine.batch.SampledToken;
import dev.apprentice.learner.Provenance;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** An answer whose events a test has written. */
public final class ScriptedTold implements Told {
    private final String id;
    private final int choice;
    private final Queue<ToldEvent> events;

    /** Tells {@code events} as the answer {@code id}. */
    public ScriptedTold(String id, ToldEvent... events) {
        this(id, 0, events);
    }

    /** Tells {@code events} as the choice number {@code choice} of the answer {@code id}. */
    public ScriptedTold(String id, int choice, ToldEvent... events) {
        this.id = id;
        this.choice = choice;
        this.events = new ArrayDeque<>(List.of(events));
    }

    /** Text that came with one token. */
    public static ToldEvent text(String text) {
        return new ToldEvent.Text(text, List.of(new SampledToken(1, -0.5, List.of())));
    }

    /** The end of an answer of 10 prompt tokens, 4 of them from a cache, and 3 more. */
    public static ToldEvent.Ended end(Ending ending, @Nullable String stopString) {
        var token = new SampledToken(1, -0.5, List.of());
        var completion = new Completion("", List.of(token, token, token), FinishReason.STOP, 10, 4);
        return new ToldEvent.Ended(ending, stopString, "", List.of(), completion);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public int choice() {
        return choice;
    }

    @Override
    public Instant created() {
        return Instant.parse("2026-01-02T03:04:05Z");
    }

    @Override
    public String model() {
        return "support";
    }

    @Override
    public int promptTokens() {
        return 10;
    }

    @Override
    public Provenance provenance() {
        return new Provenance("support", 3, true, null, false, List.of(), null);
    }

    @Override
    public ToldEvent next() {
        return events.remove();
    }

    @Override
    public boolean idle() {
        return false;
    }

    @Override
    public void close() {}
}
