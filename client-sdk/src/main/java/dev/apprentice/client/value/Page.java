package dev.apprentice.client.value;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Part of a list.
 *
 * @param <T> what is in it
 */
public final class Page<T> {
    private final List<T> data;
    private final @Nullable String next;

    /**
     * A part with {@code data}; {@code next} is null in the last one.
     *
     * @param data what is in it
     * @param next what to ask for next, or null in the last part
     */
    public Page(List<? extends T> data, @Nullable String next) {
        this.data = List.copyOf(data);
        this.next = next;
    }

    /** {@return what is in this part, in the server's order} */
    public List<T> data() {
        return data;
    }

    /**
     * What to ask for to get the next part, or nothing if this is the last.
     *
     * @return a cursor, or nothing if this is the last
     */
    public Optional<String> next() {
        return Optional.ofNullable(next);
    }

    @Override
    public String toString() {
        return "Page[data=" + data + ", next=" + next + "]";
    }
}
