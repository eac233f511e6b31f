package dev.apprentice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/** The files of this checkout, without what a build makes. */
final class Checkout {
    private static final Set<String> MADE = Set.of("target", ".git", ".idea", ".vscode", ".apprentice", "__pycache__");
    private static final Set<String> TEXT = Set.of(
            "java", "md", "xml", "yaml", "yml", "properties", "py", "sql", "proto", "txt", "sh", "html", "js", "css");

    private final Path root;
    private final List<Path> files;

    private Checkout(Path root, List<Path> files) {
        this.root = root;
        this.files = files;
    }

    static Checkout find() {
        var root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve(".mvn"))) {
            root = Objects.requireNonNull(root.getParent(), "no checkout above the working directory");
        }
        return new Checkout(root, walk(root));
    }

    private static List<Path> walk(Path root) {
        var found = new ArrayList<Path>();
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    return MADE.contains(name(folder)) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (!MADE.contains(name(file))) { // .git is a file in a worktree
                        found.add(root.relativize(file));
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        found.sort(null);
        return List.copyOf(found);
    }

    /** One line of one file. */
    record Line(Path file, int number, String text) {
        @Override
        public String toString() {
            return file + ":" + number + ": " + text.strip();
        }
    }

    List<Path> files(Predicate<Path> where) {
        return files.stream().filter(where).toList();
    }

    /** All Java files, with paths relative to the root. */
    List<Path> java() {
        return files(file -> name(file).endsWith(".java"));
    }

    /** All files that people read and write. */
    List<Path> texts() {
        return files(file -> {
            var name = name(file);
            var dot = name.lastIndexOf('.');
            return TEXT.contains(name.substring(dot + 1)) || dot <= 0 || file.startsWith(".ci");
        });
    }

    List<Line> lines(Path file) {
        var lines = new ArrayList<Line>();
        var number = 0;
        for (var text : text(file).split("\n", -1)) {
            lines.add(new Line(file, ++number, text));
        }
        return lines;
    }

    String text(Path file) {
        try {
            return Files.readString(root.resolve(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean exists(Path relative) {
        return Files.exists(root.resolve(relative));
    }

    /** What lies at the top, hidden files left out. */
    List<String> top() {
        try (var entries = Files.list(root)) {
            return entries.filter(entry -> !name(entry).startsWith(".") && !MADE.contains(name(entry)))
                    .map(entry -> Files.isDirectory(entry) ? name(entry) + "/" : name(entry))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
