package dev.apprentice.server.asking;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.learner.Extras;
import dev.apprentice.server.http.Fields;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what a request of any door may wish of an apprentice. */
public final class WishFields {
    private static final int EPISODE_CHARS_MAX = 256;
    private static final int BEST_OF_MAX = 128;

    private WishFields() {}

    /** The object {@code apprentice} of {@code body}. */
    public static Extras extras(Fields body) {
        var extras = body.object("apprentice");
        var user = user(body);
        if (extras.isEmpty()) {
            return new Extras(null, Extras.Adapter.AUTO, true, 1, user);
        }
        var wish = extras.get();
        wish.only(Set.of("recall", "adapter", "best_of", "learn"));
        return new Extras(
                wish.bool("recall").orElse(null),
                wish.choice("adapter", Set.of("auto", "always", "never"))
                        .map(name -> Extras.Adapter.valueOf(name.toUpperCase(Locale.ROOT)))
                        .orElse(Extras.Adapter.AUTO),
                wish.bool("learn").orElse(true),
                wish.integer("best_of", 1, BEST_OF_MAX).orElse(1),
                user);
    }

    /** Who is answered, as OpenAI's and Anthropic's requests name them; what is no name is not looked at here. */
    private static @Nullable String user(Fields body) {
        var user = body.value("user").filter(JsonNode::isTextual);
        return user.or(() ->
                        body.value("metadata").map(it -> it.path("user_id")).filter(JsonNode::isTextual))
                .map(JsonNode::textValue)
                .orElse(null);
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
