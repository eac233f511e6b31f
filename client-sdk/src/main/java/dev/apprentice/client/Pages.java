package dev.apprentice.client;

import dev.apprentice.client.value.Page;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lists that come in parts. */
final class Pages {
    private Pages() {}

    /** All elements; {@code part} is asked for the part after a cursor, first with null. */
    static <T> Stream<T> all(Function<@Nullable String, Page<T>> part) {
        return Stream.iterate(
                        Optional.of(part.apply(null)),
                        Optional::isPresent,
                        page -> page.flatMap(Page::next).map(part))
                .flatMap(page -> page.map(Page::data).orElse(List.of()).stream());
    }
}
