package dev.apprentice.engine.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** An adapter folder as a zip: nothing is unpacked to disk, and nothing beyond the two files is kept. */
final class PeftZip {
    private static final int ENTRIES_MAX = 64;
    private static final int NAME_MAX = 255;

    /** The earliest time that a zip can hold: equal contents make equal bytes. */
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

    private final Blame blame;
    private final long bytesMax;

    PeftZip(Blame blame, long bytesMax) {
        this.blame = blame;
        this.bytesMax = bytesMax;
    }

    /** The files by their plain names; at most one folder around them is looked through. */
    Map<String, byte[]> read(InputStream zip) throws IOException {
        var files = new LinkedHashMap<String, byte[]>();
        long left = bytesMax;
        int entries = 0;
        try (var input = new ZipInputStream(zip)) {
            for (var entry = input.getNextEntry(); entry != null; entry = input.getNextEntry()) {
                if (++entries > ENTRIES_MAX) {
                    throw blame.damaged("zip", "at most " + ENTRIES_MAX + " entries", "more");
                }
                var name = plain(entry);
                var bytes = contents(input, left);
                left -= bytes.length;
                if (!entry.isDirectory() && PeftFolder.reads(name) && files.put(name, bytes) != null) {
                    throw blame.damaged(name, "it once in the zip", "it twice");
                }
            }
        } catch (java.util.zip.ZipException | java.io.EOFException | IllegalArgumentException e) {
            throw blame.damaged("zip", "a readable zip", String.valueOf(e.getMessage()));
        }
        if (entries == 0) {
            throw blame.damaged("zip", "a zip of an adapter folder", "something else, or an empty one");
        }
        return files;
    }

    private String plain(ZipEntry entry) {
        var name = entry.getName();
        int slash = name.indexOf('/');
        var inner = slash < 0 ? name : name.substring(slash + 1);
        if (name.length() > NAME_MAX
                || name.startsWith("/")
                || name.contains("\\")
                || name.contains("..")
                || name.chars().anyMatch(Character::isISOControl)) {
            throw blame.damaged("zip", "plain entry names", name);
        }
        return inner;
    }

    private byte[] contents(ZipInputStream input, long left) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var buffer = new byte[1 << 16];
        for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
            if (bytes.size() + (long) count > left) {
                throw blame.damaged("zip", "at most " + bytesMax + " bytes unpacked", "more");
            }
            bytes.write(buffer, 0, count);
        }
        return bytes.toByteArray();
    }

    /** A zip of these files, stored: floats don't compress, and stored bytes depend on no library's version. */
    static byte[] write(Map<String, byte[]> files) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            for (var file : files.entrySet()) {
                var entry = new ZipEntry(file.getKey());
                var crc = new CRC32();
                crc.update(file.getValue());
                entry.setTimeLocal(EPOCH);
                entry.setSize(file.getValue().length);
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(file.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to take bytes", e);
        }
        return bytes.toByteArray();
    }
}
