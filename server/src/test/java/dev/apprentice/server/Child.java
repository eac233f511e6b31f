package dev.apprentice.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A program that was run to its end, or to its time limit.
 *
 * @param exit its exit code; empty where it was stopped at the limit, or is not there at all
 * @param output what it wrote, errors among the rest
 */
record Child(OptionalInt exit, String output) {

    /** Runs {@code command} in {@code folder} with {@code environment} beside our own. */
    static Child run(List<String> command, Path folder, Map<String, String> environment, Duration limit) {
        try {
            var log = Files.createTempFile("apprentice-child", ".log");
            try {
                return run(command, folder, environment, limit, log);
            } finally {
                Files.delete(log);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Child run(
            List<String> command, Path folder, Map<String, String> environment, Duration limit, Path log)
            throws IOException {
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return new Child(OptionalInt.empty(), String.valueOf(e.getMessage())); // no such program
        }
        try {
            process.getOutputStream().close(); // nobody answers what it may ask
            var ended = process.waitFor(limit.toSeconds(), TimeUnit.SECONDS);
            var exit = ended ? OptionalInt.of(process.exitValue()) : OptionalInt.empty();
            return new Child(exit, new String(Files.readAllBytes(log), StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    boolean isGood() {
        return exit.isPresent() && exit.getAsInt() == 0;
    }
}
