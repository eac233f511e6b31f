package dev.apprentice.engine.decoder;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs {@code decoder.py} verbatim into the archive that {@code torch::jit::load} reads: stored entries
 * {@code data.pkl} (a pickled Decoder with its attribute {@code training}), {@code code/__torch__.py},
 * {@code constants.pkl} (an empty tuple) and {@code version}.
 */
final class ProgramArchive {
    private static final String NAME = "decoder";
    private static final String RESOURCE = "decoder.py";

    private ProgramArchive() {}

    static byte[] bytes() {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            put(zip, "data.pkl", pickledDecoder());
            put(zip, "code/__torch__.py", source());
            // PROTO 2, EMPTY_TUPLE, STOP
            put(zip, "constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
            put(zip, "version", "3\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /**
     * PROTO 2, GLOBAL __torch__.Decoder, EMPTY_TUPLE, NEWOBJ, EMPTY_DICT, MARK, "training", False, SETITEMS, BUILD,
     * STOP.
     */
    private static byte[] pickledDecoder() throws IOException {
        var pickle = new ByteArrayOutputStream();
        pickle.write(new byte[] {(byte) 0x80, 2});
        pickle.write("c__torch__\nDecoder\n)".getBytes(StandardCharsets.US_ASCII));
        pickle.write(new byte[] {(byte) 0x81, '}', '(', 'X', 8, 0, 0, 0});
        pickle.write("training".getBytes(StandardCharsets.US_ASCII));
        pickle.write(new byte[] {(byte) 0x89, 'u', 'b', '.'});
        return pickle.toByteArray();
    }

    private static byte[] source() throws IOException {
        try (var in = ProgramArchive.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IOException(RESOURCE + " is not beside " + ProgramArchive.class.getName());
            }
            return in.readAllBytes();
        }
    }

    private static void put(ZipOutputStream zip, String name, byte[] data) throws IOException {
        var entry = new ZipEntry(NAME + "/" + name);
        var crc = new CRC32();
        crc.update(data);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(data.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(data);
        zip.closeEntry();
    }
}
