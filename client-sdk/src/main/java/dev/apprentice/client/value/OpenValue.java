package dev.apprentice.client.value;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One word out of a set that may grow: an older client keeps a word that it does not know instead of failing at it.
 * Compare with {@code equals}, never with {@code ==}.
 */
public abstract class OpenValue {
    private final String value;

    /**
     * The word as the wire has it.
     *
     * @param value as the wire has it
     */
    protected OpenValue(String value) {
        this.value = Objects.requireNonNull(value, "value");
    }

    /** {@return the word as the wire has it} */
    public final String value() {
        return value;
    }

    @Override
    @SuppressWarnings("EqualsGetClass") // symmetric: every class below is final
    public final boolean equals(@Nullable Object other) {
        return other != null && other.getClass() == getClass() && ((OpenValue) other).value.equals(value);
    }

    @Override
    public final int hashCode() {
        return value.hashCode();
    }

    @Override
    public final String toString() {
        return value;
    }
}
