package dev.apprentice.engine.model.hub;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a wheel with the {@code pip} client that is installed, with that client's own configuration of indexes,
 * certificates and proxies. Nothing is installed and none of the wheel's code runs.
 */
final class PipClient {
    private static final List<List<String>> CLIENTS =
            List.of(List.of("python3", "-m", "pip"), List.of("pip3"), List.of("pip"), List.of("python", "-m", "pip"));
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration VERSION_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration STALL_TIMEOUT = Duration.ofSeconds(90);

    private final StoreSettings settings;
    private final Progress progress;

    PipClient(StoreSettings settings, Progress progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /** The wheel, verified, in {@code work}, an empty folder that is the caller's to delete. */
    Path fetch(Source.Wheel wheel, Path work) throws IOException, SourceFailedException, InterruptedException {
        var archive = wheel.archive();
        var temporary = Files.createDirectories(work.resolve("tmp"));
        var destination = Files.createDirectories(work.resolve("out"));
        var command = new ArrayList<>(client(temporary));
        command.addAll(List.of(
                "download",
                "--no-deps",
                "--only-binary=:all:",
                "--ignore-requires-python",
                "--no-input",
                "--disable-pip-version-check",
                "--progress-bar=off",
                "--retries=1",
                "--timeout=" + Math.max(1, settings.connectTimeout().toSeconds()),
                "--dest=" + destination,
                wheel.distribution() + "==" + wheel.version()));
        run(command, work, archive);
        try (var files = Files.list(destination)) {
            var found = files.filter(file -> file.toString().endsWith(".whl")).toList();
            if (found.size() != 1) {
                throw new SourceFailedException("pip ended well but left " + found.size() + " wheels");
            }
            return verified(found.getFirst(), archive);
        }
    }

    private Path verified(Path file, ModelFile archive) throws IOException, SourceFailedException {
        var digest = FileDigest.of(archive.digest().kind(), file);
        if (!digest.equals(archive.digest())) {
            throw new SourceFailedException("pip brought another " + archive.path() + ": expected " + archive.digest()
                    + " (" + archive.bytes() + " bytes), found " + digest + " (" + Files.size(file) + " bytes)");
        }
        progress.on(new Progress.Verified(archive.path(), archive.bytes()));
        return file;
    }

    private List<String> client(Path temporary) throws IOException, SourceFailedException, InterruptedException {
        for (var candidate : CLIENTS) {
            var program = onPath(candidate.getFirst());
            if (program == null) {
                continue;
            }
            var command = new ArrayList<>(candidate);
            command.set(0, program);
            var ask = new ArrayList<>(command);
            ask.add("--version");
            var process = start(ask, temporary, ProcessBuilder.Redirect.DISCARD);
            try {
                if (process.waitFor(VERSION_TIMEOUT.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0) {
                    return command;
                }
            } finally {
                stop(process);
            }
        }
        throw new SourceFailedException("pip is not installed (tried "
                + CLIENTS.stream().map(words -> String.join(" ", words)).collect(Collectors.joining(", ")) + ")");
    }

    private void run(List<String> command, Path work, ModelFile archive)
            throws IOException, SourceFailedException, InterruptedException {
        var log = work.resolve("pip.log");
        var process = start(command, work.resolve("tmp"), ProcessBuilder.Redirect.to(log.toFile()));
        try {
            var seen = 0L;
            var quiet = Duration.ZERO;
            while (!process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                var now = Math.min(largest(work), archive.bytes());
                quiet = now == seen ? quiet.plus(LOOK) : Duration.ZERO;
                if (now > seen) {
                    seen = now;
                    progress.on(new Progress.Received(archive.path(), seen, archive.bytes()));
                }
                if (quiet.compareTo(STALL_TIMEOUT) > 0) {
                    throw new SourceFailedException("pip brought nothing for " + STALL_TIMEOUT.toSeconds() + " s");
                }
            }
        } finally {
            stop(process);
        }
        if (process.exitValue() != 0) {
            throw new SourceFailedException("pip failed with code " + process.exitValue() + ": " + reason(log));
        }
    }

    private Process start(List<String> command, Path temporary, ProcessBuilder.Redirect output) throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output);
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.environment().clear();
        builder.environment().putAll(settings.environment());
        builder.environment().put("TMPDIR", temporary.toString());
        return builder.start();
    }

    private static void stop(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Absolute, because a child would be looked up on the PATH that this process was started with. */
    private @Nullable String onPath(String program) {
        return Stream.of(settings.environment().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse(null);
    }

    /** The size of the largest file below {@code work}: pip writes the wheel to a temporary folder first. */
    private static long largest(Path work) throws IOException {
        var largest = new long[1];
        Files.walkFileTree(work, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                largest[0] = Math.max(largest[0], attributes.size());
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE; // pip moves its files while we look
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
        return largest[0];
    }

    /** The last errors that pip printed. */
    private static String reason(Path log) throws IOException {
        var lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        var errors = lines.stream().filter(line -> line.startsWith("ERROR:")).toList();
        var warnings =
                lines.stream().filter(line -> line.startsWith("WARNING:")).toList();
        var told =
                new ArrayList<>(errors.isEmpty() ? lines.subList(Math.max(0, lines.size() - 2), lines.size()) : errors);
        if (!errors.isEmpty() && !warnings.isEmpty()) {
            told.add(warnings.getLast()); // an index out of reach is only a warning; the error then says "no version"
        }
        var text = String.join(" ", told);
        return text.length() > 600 ? text.substring(0, 600) + "…" : text.isEmpty() ? "it said nothing" : text;
    }
}
