package dev.apprentice.learner.interaction;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.apprentice.engine.text.ChatMessage;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The texts of interactions whose policy keeps none: an hour in memory, so that feedback still has something to teach.
 */
final class FleetingTexts {
    private static final Duration LIFE = Duration.ofHours(1);
    private static final long CHARACTERS_MAX = 64L << 20;

    private record Place(String interaction, int choice) {}

    private final Cache<String, List<ChatMessage>> asked;
    private final Cache<Place, String> said;

    FleetingTexts(Clock clock) {
        asked = cache(
                clock,
                (_, messages) -> messages.stream()
                        .mapToInt(message -> message.content().length())
                        .sum());
        said = cache(clock, (_, text) -> text.length());
    }

    void asked(String interaction, List<ChatMessage> messages) {
        asked.put(interaction, messages);
    }

    @Nullable
    List<ChatMessage> asked(String interaction) {
        return asked.getIfPresent(interaction);
    }

    void said(String interaction, int choice, String text) {
        said.put(new Place(interaction, choice), text);
    }

    @Nullable
    String said(String interaction, int choice) {
        return said.getIfPresent(new Place(interaction, choice));
    }

    void forget(String interaction, int choice) {
        said.invalidate(new Place(interaction, choice));
    }

    private static <K, V> Cache<K, V> cache(Clock clock, com.github.benmanes.caffeine.cache.Weigher<K, V> characters) {
        return Caffeine.newBuilder()
                .expireAfterWrite(LIFE)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .maximumWeight(CHARACTERS_MAX)
                .weigher(characters)
                .build();
    }
}
