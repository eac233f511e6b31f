package dev.apprentice.engine.model.hub;

import java.time.Duration;

/** Hears what the store is doing while it fetches. Called on the fetching thread, many times a second. */
@FunctionalInterface
public interface Progress {
    /** For those who do not want to hear. */
    Progress SILENT = event -> {};

    /** Takes note of {@code event}; must return soon and may not throw. */
    void on(Event event);

    /** What happened. */
    sealed interface Event {}

    /** Another process is fetching the same model; waiting for it. */
    record Waiting(String model) implements Event {}

    /** A source is about to be tried. */
    record Trying(String model, String source) implements Event {}

    /** {@code done} of about {@code total} bytes of {@code file} are here. */
    record Received(String file, long done, long total) implements Event {}

    /** The connection broke after {@code done} bytes of {@code file}; trying again after {@code pause}. */
    record Retrying(String file, long done, String reason, Duration pause) implements Event {}

    /** {@code file} is whole and its fingerprint is right. */
    record Verified(String file, long bytes) implements Event {}

    /** A source could not give the files; the next one is tried, if there is one. */
    record Refused(String source, String reason) implements Event {}

    /** The model is in the store. */
    record Stored(String model, long bytes) implements Event {}
}
