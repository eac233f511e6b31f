package dev.apprentice.engine.decoder;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs a program verbatim into the archive that {@code torch::jit::load} reads: stored entries {@code data.pkl} (a
 * pickled object of its class with its attribute {@code training}), {@code code/__torch__.py}, {@code constants.pkl}
 * (an empty tuple) and {@code version}.
 */
final class ProgramArchive {
    private static final String NAME = "program";

    private ProgramArchive() {}

    /** The archive of class {@code name} in {@code resource}. */
    static byte[] bytes(String resource, String name) {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            put(zip, "data.pkl", pickled(name));
            put(zip, "code/__torch__.py", source(resource));
            // PROTO 2, EMPTY_TUPLE, STOP
            put(zip, "constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
            put(zip, "version", "3\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** SHA-256 of {@code resource}. */
    static String digest(String resource) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(source(resource)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * PROTO 2, GLOBAL __torch__.Decoder, EMPTY_TUPLE, NEWOBJ, EMPTY_DICT, MARK, "training", False, SETITEMS, BUILD,
     * STOP.
     */
    private static byte[] pickled(String name) throws IOException {
        var pickle = new ByteArrayOutputStream();
        pickle.write(new byte[] {(byte) 0x80, 2});
        pickle.write(("c__torch__\n" + name + "\n)").getBytes(StandardCharsets.US_ASCII));
        pickle.write(new byte[] {(byte) 0x81, '}', '(', 'X', 8, 0, 0, 0});
        pickle.write("training".getBytes(StandardCharsets.US_ASCII));
        pickle.write(new byte[] {(byte) 0x89, 'u', 'b', '.'});
        return pickle.toByteArray();
    }

    private static byte[] source(String resource) throws IOException {
        try (var in = ProgramArchive.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException(resource + " is not beside " + ProgramArchive.class.getName());
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
