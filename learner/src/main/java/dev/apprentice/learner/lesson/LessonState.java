package dev.apprentice.learner.lesson;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How far a lesson has come. */
public enum LessonState {
    /** Durable; exact repeats of its request are answered with it. */
    RECORDED,
    /** In the index of recall, too. */
    RECALLED,
    /** The live checkpoint was trained on it. */
    LIVE,
    /** Nothing can be learnt from it; the reason says why. */
    REJECTED,
    /** Could not be learnt after retries; recall goes on serving it. */
    PARKED,
    /** Contradicts another; a person decides. */
    HELD,
    /** A newer lesson speaks in its place. */
    SUPERSEDED,
    /** Taken back. */
    WITHDRAWN;

    /**
     * The state that the contract calls {@code name}.
     *
     * @throws InvalidRequestException if it has none of that name
     */
    public static LessonState of(String name) {
        for (var state : values()) {
            if (state.word().equals(name)) {
                return state;
            }
        }
        var expected = Arrays.stream(values()).map(LessonState::word).collect(Collectors.joining(", ", "one of ", ""));
        throw new InvalidRequestException(
                "invalid_value", "state must be " + expected + ", found " + name, Fault.of("state", expected, name));
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it still holds: recall may serve it and a study may train on it. */
    public boolean active() {
        return switch (this) {
            case RECORDED, RECALLED, LIVE, PARKED -> true;
            case REJECTED, HELD, SUPERSEDED, WITHDRAWN -> false;
        };
    }
}
