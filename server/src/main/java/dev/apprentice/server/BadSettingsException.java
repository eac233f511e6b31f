package dev.apprentice.server;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The configuration cannot be used; all its faults are named at once. */
public final class BadSettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> faults;

    BadSettingsException(List<String> faults) {
        super(IntStream.range(0, faults.size())
                .mapToObj(i -> "  " + (i + 1) + ". " + faults.get(i))
                .collect(Collectors.joining(
                        "\n",
                        faults.size() == 1
                                ? "The configuration has a fault:\n"
                                : "The configuration has " + faults.size() + " faults:\n",
                        "")));
        this.faults = List.copyOf(faults);
    }

    /** One sentence for each fault. */
    public List<String> faults() {
        return faults;
    }
}
