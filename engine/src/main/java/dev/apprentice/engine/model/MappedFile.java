package dev.apprentice.engine.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A whole file mapped read-only, and the {@code blame} that names it. */
record MappedFile(Path path, MemorySegment bytes, Blame blame) {
    private static final byte[] LFS_POINTER =
            "version https://git-lfs".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    static MappedFile map(Path path, Arena arena) {
        var blame = new Blame(path.toString());
        if (!Files.isRegularFile(path)) {
            throw blame.missing("file", "a regular file");
        }
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            var bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            if (bytes.byteSize() >= LFS_POINTER.length
                    && bytes.asSlice(0, LFS_POINTER.length).mismatch(MemorySegment.ofArray(LFS_POINTER)) < 0) {
                throw blame.damaged("file", "weights", "a Git LFS pointer: run `git lfs pull` in that folder");
            }
            return new MappedFile(path, bytes, blame);
        } catch (IOException e) {
            throw blame.damaged("file", "a readable file", String.valueOf(e.getMessage()));
        }
    }
}
