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
    /**
     * The bytes from their beginning.
     *
     * @return a new stream, which the caller closes
     * @throws IOException if they cannot be read
     */
    InputStream open() throws IOException;

    /**
     * These bytes.
     *
     * @param bytes the bytes, which are copied
     * @return content that can be opened again and again
     */
    static Content of(byte[] bytes) {
        var copy = bytes.clone();
        return () -> new ByteArrayInputStream(copy);
    }

    /**
     * The bytes of a file as it is when the call is made.
     *
     * @param file where to write; what stood there is replaced
     * @return content that can be opened again and again
     * @throws FileNotFoundException if there is no file that can be read
     */
    static Content of(Path file) throws FileNotFoundException {
        if (!Files.isReadable(file)) {
            throw new FileNotFoundException(file.toString());
        }
        return () -> Files.newInputStream(file);
    }
}
