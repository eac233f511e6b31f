package dev.apprentice.learner.store;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.ConflictException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps a second server off a data folder; the operating system gives it up when the process ends, however it ends. */
final class FolderLock implements AutoCloseable {
    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    static FolderLock take(Path folder) throws IOException {
        var channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return new FolderLock(channel);
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw inUse(folder);
        }
        channel.close();
        throw inUse(folder);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static ConflictException inUse(Path folder) {
        return new ConflictException(
                "data_in_use",
                "another server runs on the data folder " + folder,
                Fault.of("data", "a folder that no other server uses", folder.toString()));
    }
}
