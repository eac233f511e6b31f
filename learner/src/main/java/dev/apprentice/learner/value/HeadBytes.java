package dev.apprentice.learner.value;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A head as bytes, big-endian: format (int), CRC-32C of the rest (long), traits, mean, spread, directions by states and
 * their numbers, nets (inputs, hidden, weights), slope and offset. Bytes that do not check are no head: it is fitted
 * again from the outcomes, so nothing is lost.
 */
final class HeadBytes {
    private static final int FORMAT = 1;
    private static final int HEADER = Integer.BYTES + Long.BYTES;
    private static final int MOST = 1 << 20;

    private HeadBytes() {}

    static byte[] write(Head head) {
        try {
            var body = new ByteArrayOutputStream();
            try (var out = new DataOutputStream(body)) {
                doubles(out, head.lens().mean());
                doubles(out, head.lens().spread());
                out.writeInt(head.lens().directions().length);
                for (var direction : head.lens().directions()) {
                    doubles(out, direction);
                }
                out.writeInt(head.nets().size());
                for (var net : head.nets()) {
                    out.writeInt(net.inputs());
                    out.writeInt(net.hidden());
                    doubles(out, net.weights());
                }
                out.writeDouble(head.platt().slope());
                out.writeDouble(head.platt().offset());
            }
            var whole = new ByteArrayOutputStream();
            try (var out = new DataOutputStream(whole)) {
                out.writeInt(FORMAT);
                out.writeLong(checksum(body.toByteArray(), 0));
                body.writeTo(out);
            }
            return whole.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // of an array: cannot be
        }
    }

    static Optional<Head> read(byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readInt() != FORMAT || in.readLong() != checksum(bytes, HEADER)) {
                return Optional.empty();
            }
            var mean = doubles(in);
            var spread = doubles(in);
            var directions = new double[count(in)][];
            for (int k = 0; k < directions.length; k++) {
                directions[k] = doubles(in);
            }
            var nets = new ArrayList<Net>();
            for (int left = count(in); left > 0; left--) {
                nets.add(new Net(in.readInt(), in.readInt(), doubles(in)));
            }
            return Optional.of(
                    new Head(new Lens(mean, spread, directions), nets, new Platt(in.readDouble(), in.readDouble())));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void doubles(DataOutputStream out, double[] values) throws IOException {
        out.writeInt(values.length);
        for (double value : values) {
            out.writeDouble(value);
        }
    }

    private static double[] doubles(DataInputStream in) throws IOException {
        var values = new double[count(in)];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readDouble();
        }
        return values;
    }

    private static int count(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MOST) {
            throw new IOException("a head has no " + count + " numbers in a row");
        }
        return count;
    }

    private static long checksum(byte[] bytes, int from) {
        var crc = new CRC32C();
        crc.update(bytes, Math.min(from, bytes.length), Math.max(0, bytes.length - from));
        return crc.getValue();
    }
}
