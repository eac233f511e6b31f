package dev.apprentice.server.bench.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.Json;
import dev.apprentice.server.bench.job.StreamExercise.Regime;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Real text in the order in which it was published: sentences of reviews, labelled as positive or negative by hand
 * (Kotzias et al. 2015), which the npm package {@code sentiment} (MIT) brings for its own tests. It is fetched by the
 * npm client that is installed, with that client's configuration, checked, and read; nothing is installed and none of
 * the package's code runs.
 */
final class PublicStream {
    private static final String PACKAGE = "sentiment@5.0.2";
    private static final String ARCHIVE = "sentiment-5.0.2.tgz";
    private static final String SHA256 = "89302eb03d2005d03b214fe65814bb48adb7d3c42c8ca80bdee6a3ecb7e4480f";
    private static final List<String> FILES = List.of(
            "package/test/fixtures/yelp.json", "package/test/fixtures/amazon.json", "package/test/fixtures/imdb.json");
    private static final String QUESTION = "Is this review positive or negative? Answer with one word. ";
    private static final long PATIENCE_S = 120;
    private static final int TOLD = 300;

    private final Path folder;
    private @Nullable List<Task> items;
    private @Nullable String problem;

    /** Kept in {@code folder} once it was fetched. */
    PublicStream(Path folder) {
        this.folder = folder.resolve("public");
    }

    /** The first {@code sizes.publicItems()} of it: one regime, whatever the seed. */
    List<Regime> regimes(JobPlan.Sizes sizes) {
        var all = items();
        return List.of(new Regime(all.subList(0, Math.min(sizes.publicItems(), all.size())), List.of()));
    }

    /** Why it cannot be had, or null if it can. */
    @Nullable
    String problem() {
        if (items == null && problem == null) {
            try {
                items();
            } catch (UncheckedIOException e) {
                problem = "the public stream could not be fetched: "
                        + String.valueOf(e.getMessage()).replace('\n', ' ');
            }
        }
        return problem;
    }

    private List<Task> items() {
        if (items == null) {
            try {
                items = read(archive());
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
        }
        return items;
    }

    private byte[] archive() throws IOException {
        var file = Files.createDirectories(folder).resolve(ARCHIVE);
        if (!Files.exists(file)) {
            fetch();
        }
        var bytes = Files.readAllBytes(file);
        var found = digest(bytes);
        if (!found.equals(SHA256)) {
            Files.delete(file);
            throw new IOException("npm brought another " + ARCHIVE + ": expected " + SHA256 + ", found " + found);
        }
        return bytes;
    }

    private void fetch() throws IOException {
        var log = folder.resolve("npm.log");
        var npm = new ProcessBuilder(
                        "npm",
                        "pack",
                        PACKAGE,
                        "--silent",
                        "--ignore-scripts",
                        "--pack-destination",
                        folder.toAbsolutePath().toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            npm.getOutputStream().close();
            if (!npm.waitFor(PATIENCE_S, TimeUnit.SECONDS) || npm.exitValue() != 0) {
                var said = Files.readString(log).strip();
                throw new IOException(
                        "npm pack " + PACKAGE + " failed: " + said.substring(Math.max(0, said.length() - TOLD)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while npm was at work", e);
        } finally {
            npm.destroyForcibly();
        }
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    /** The labelled sentences of {@code archive}, in its order. */
    static List<Task> read(byte[] archive) throws IOException {
        var tasks = new ArrayList<Task>();
        try (var gzip = new GZIPInputStream(new ByteArrayInputStream(archive))) {
            var files = Tar.read(gzip, Set.copyOf(FILES));
            for (var name : FILES) {
                var bytes = files.get(name);
                if (bytes == null) {
                    throw new IOException("the archive has no " + name);
                }
                for (var item : Json.strict().readTree(new String(bytes, StandardCharsets.UTF_8))) {
                    add(tasks, item);
                }
            }
        }
        return tasks;
    }

    /** One that has no label, as the last of each file, is none. */
    private static void add(List<Task> tasks, JsonNode item) {
        var label = item.path("class");
        var text = item.path("text").asText().strip();
        if (label.isInt() && !text.isEmpty()) {
            tasks.add(new Task(QUESTION + text, label.asInt() == 1 ? "positive" : "negative"));
        }
    }
}
