package dev.apprentice.client;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that is there whole or not at all. */
final class WholeFile {
    private WholeFile() {}

    /** What fills the file. */
    @FunctionalInterface
    interface Filling {
        void into(OutputStream out) throws IOException;
    }

    /** Fills a neighbour of {@code file} and gives it the name at the end. */
    static void write(Path file, Filling filling) throws IOException {
        var folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException("expected a file, found " + file);
        }
        var part = Files.createTempFile(folder, "." + file.getFileName(), ".part");
        try {
            try (var out = Files.newOutputStream(part)) {
                filling.into(out);
            }
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
