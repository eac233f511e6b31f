package dev.apprentice.learner.lesson;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.UnprocessableException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What feedback says beside what all lessons have: the fields of its own kind, as they are stored and shown. */
final class Opinions {
    private Opinions() {}

    /**
     * The kind's own fields.
     *
     * @throws UnprocessableException if a preference prefers an answer to itself, or compares answers to two requests
     */
    static Map<String, Object> own(Source.Sight sight, Source source, Feedback feedback) {
        return switch (feedback) {
            case Feedback.Teaching _ -> Map.of();
            case Feedback.Rating rating -> Map.of("rating", rating.up() ? "up" : "down");
            case Feedback.Reward reward -> Map.of("reward", reward.reward());
            case Feedback.EpisodeReward reward -> Map.of("episode", reward.episode(), "reward", reward.reward());
            case Feedback.Critique critique -> Map.of("text", critique.text());
            case Feedback.Implicit it ->
                Map.of(
                        "rating", it.sign().good() ? "up" : "down",
                        "sign", it.sign().name().toLowerCase(Locale.ROOT),
                        "next", it.next());
            case Feedback.Preference preference -> preference(sight, source, preference);
        };
    }

    private static Map<String, Object> preference(Source.Sight sight, Source source, Feedback.Preference preference) {
        var chosen = text(sight, source, "chosen", preference.chosen());
        var rejected = text(sight, source, "rejected", preference.rejected());
        var same = (chosen == null || rejected == null)
                ? preference.chosen().equals(preference.rejected())
                : chosen.strip().equals(rejected.strip());
        if (same) {
            throw new UnprocessableException(
                    "equal_sides",
                    "chosen and rejected are the same answer, so nothing is preferred",
                    Fault.of("rejected", "another answer than chosen", "the same"));
        }
        var own = new LinkedHashMap<String, Object>();
        own.put("chosen", side(preference.chosen(), chosen));
        own.put("rejected", side(preference.rejected(), rejected));
        return own;
    }

    private static @Nullable String text(Source.Sight sight, Source source, String field, Feedback.Side side) {
        return switch (side) {
            case Feedback.Written written -> written.answer();
            case Feedback.Given given -> {
                var asked = Source.asked(sight, field, given.interaction(), given.choice());
                if (!asked.instance().equals(source.instance())
                        || !Same.key(asked.messages()).equals(Same.key(source.messages()))) {
                    throw new UnprocessableException(
                            "two_requests",
                            field + " answers another request, so the two cannot be compared",
                            Fault.of(field, "an answer to the same request", given.interaction()));
                }
                yield asked.said();
            }
        };
    }

    private static Map<String, Object> side(Feedback.Side side, @Nullable String text) {
        var shown = new LinkedHashMap<String, Object>();
        if (side instanceof Feedback.Given given) {
            shown.put("interaction", given.interaction());
            shown.put("choice", given.choice());
        }
        if (text != null) {
            shown.put("answer", text);
        }
        return shown;
    }
}
