package dev.apprentice.client.transport;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Bytes to send that can be opened again for another try. */
@FunctionalInterface
public interface Content {
    /** The bytes from their beginning. */
    InputStream open() throws IOException;

    /** These bytes. */
    static Content of(byte[] bytes) {
        var copy = bytes.clone();
        return () -> new ByteArrayInputStream(copy);
    }

    /** The bytes of a file as it is when the call is made. */
    static Content of(Path file) throws FileNotFoundException {
        if (!Files.isReadable(file)) {
            throw new FileNotFoundException(file.toString());
        }
        return () -> Files.newInputStream(file);
    }
}
