package dev.apprentice.server.admin;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.learner.promotion.Trial;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** As what a checkpoint is promoted, in the contract's words. */
public final class Promotion {
    static final Set<String> WORDS = Set.of("live", "canary", "shadow");

    private Promotion() {}

    /**
     * How it is tried first.
     *
     * @param as a word of the contract; empty is live
     * @return null if it goes live at once
     * @throws InvalidRequestException naming {@code as} if it is another word
     */
    public static Trial.@Nullable Kind trial(String as) {
        return switch (as) {
            case "", "live" -> null;
            case "canary" -> Trial.Kind.CANARY;
            case "shadow" -> Trial.Kind.SHADOW;
            default ->
                throw new InvalidRequestException(
                        "invalid_value",
                        "as must be live, canary or shadow, found '" + as + "'",
                        Fault.of("as", "live, canary or shadow", as));
        };
    }
}
