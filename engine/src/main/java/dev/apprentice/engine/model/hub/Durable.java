package dev.apprentice.engine.model.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Writes that a power cut cannot undo or tear: contents first, then the name, then the folder that holds the name. */
final class Durable {
    private Durable() {}

    /** Makes the folder that {@code file} will lie in. */
    static void createFolder(Path file) throws IOException {
        Files.createDirectories(parent(file));
    }

    /** Gives the file or folder {@code from} its final name, where nothing lies yet or a file that it replaces. */
    static void move(Path from, Path to) throws IOException {
        if (Files.isRegularFile(from)) {
            force(from, StandardOpenOption.WRITE);
        }
        createFolder(to);
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        force(parent(to), StandardOpenOption.READ);
    }

    /** Makes {@code text} the whole contents of {@code file}, or leaves what was there. */
    static void write(Path file, String text) throws IOException {
        createFolder(file);
        var draft = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(draft, text);
        move(draft, file);
    }

    /** Deletes {@code root} and all in it; says how many bytes its files had. */
    static long delete(Path root) throws IOException {
        if (!Files.exists(root)) {
            return 0;
        }
        var freed = new long[1];
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                freed[0] += attributes.size();
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
        return freed[0];
    }

    /** Deletes {@code folder} if nothing lies in it. */
    static void deleteIfEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException _) {
            // something was kept for next time
        }
    }

    private static void force(Path path, StandardOpenOption access) throws IOException {
        try (var channel = FileChannel.open(path, access)) {
            channel.force(true);
        }
    }

    private static Path parent(Path path) {
        var parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException(path + " has no parent");
        }
        return parent;
    }
}
