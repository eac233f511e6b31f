package dev.apprentice.server.asking;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.NotBuiltException;
import dev.apprentice.learner.Extras;
import dev.apprentice.server.http.Fields;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what a request of any door may wish of an apprentice. */
public final class WishFields {
    private static final int EPISODE_CHARS_MAX = 256;

    private WishFields() {}

    /** The object {@code apprentice} of {@code body}. */
    public static Extras extras(Fields body) {
        var extras = body.object("apprentice");
        if (extras.isEmpty()) {
            return Extras.NONE;
        }
        var wish = extras.get();
        wish.only(Set.of("recall", "adapter", "best_of", "learn"));
        if (wish.integer("best_of", 1, 128).orElse(1) > 1) {
            var field = wish.name("best_of");
            throw new NotBuiltException(
                    "not_built",
                    "choosing the best of several answers (" + field + ") is not built yet",
                    Fault.at(field));
        }
        return new Extras(
                wish.bool("recall").orElse(null),
                wish.choice("adapter", Set.of("auto", "always", "never"))
                        .map(name -> Extras.Adapter.valueOf(name.toUpperCase(Locale.ROOT)))
                        .orElse(Extras.Adapter.AUTO),
                wish.bool("learn").orElse(true));
    }

    /**
     * The task that a request belongs to.
     *
     * @param header what the header {@code Apprentice-Episode} says, for clients without metadata, or null
     */
    public static @Nullable String episode(Fields body, @Nullable String header) {
        var episode =
                body.object("metadata").flatMap(it -> it.string("episode")).orElse(header);
        if (episode != null && (episode.isBlank() || episode.length() > EPISODE_CHARS_MAX)) {
            var expected = "1 to " + EPISODE_CHARS_MAX + " characters";
            throw new InvalidRequestException(
                    "invalid_value",
                    "metadata.episode must have " + expected,
                    Fault.of("metadata.episode", expected, episode.length() + " characters"));
        }
        return episode;
    }
}
