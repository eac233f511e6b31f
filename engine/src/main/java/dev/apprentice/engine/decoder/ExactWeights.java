package dev.apprentice.engine.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.memory.NativeMemory;
import dev.apprentice.engine.memory.Scope;
import dev.apprentice.engine.model.BaseModel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The base's weights for who learns or looks, in the order of {@code decoder.py}'s legend: in fp32, but where they are
 * {@link Form#SHARED} and bf16 serves. Where they serve too, they are held. Elsewhere only who learns or looks needs
 * them: then they lie in a file, each where its use finds it, which is mapped while somebody has them open, and given
 * back {@value #LINGER_MILLIS} ms after: to find half a gigabyte's pages again for each look holds up everybody.
 * Thread-safe.
 *
 * <p>The file begins with a line of text, which says what it holds, in {@link #HEAD} bytes; then come the tensors, each
 * from a multiple of {@link #ALIGNED} on, in the machine's byte order. It is written beside its name and moved, so that
 * none is ever half there; whoever cuts it while it is mapped ends this process, as with any mapped file.
 */
final class ExactWeights implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ExactWeights.class.getName());

    /** Changes when the order or form of the tensors does. */
    private static final String FORM = "apprentice fp32 weights, form 1";

    private static final int LINGER_MILLIS = 5_000;

    private static final int HEAD = 4096;
    private static final int ALIGNED = 64;

    private final NativeMemory memory;
    private final BaseModel model;
    private final long[][] shapes;
    private @Nullable Scope held;
    private PtNDArray[] tensors;
    private @Nullable Path file;
    private @Nullable Arena arena;
    private int users;
    private long openings;

    private ExactWeights(NativeMemory memory, BaseModel model, Scope held, PtNDArray[] tensors) {
        this.memory = memory;
        this.model = model;
        this.held = held;
        this.tensors = tensors;
        this.shapes = Arrays.stream(tensors)
                .map(tensor -> tensor.getShape().getShape())
                .toArray(long[][]::new);
    }

    /** Reads them all; {@code form} makes of each but the norms what is held, in the scope it is told. */
    static ExactWeights held(BaseModel model, NativeMemory memory, BiFunction<PtNDArray, Scope, PtNDArray> form) {
        var scope = memory.open();
        try {
            return new ExactWeights(
                    memory,
                    model,
                    scope,
                    DecoderWeights.load(model, memory, scope, weight -> form.apply(weight, scope)));
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    /** The right to compute with them until closed. */
    final class Lease implements AutoCloseable {
        private boolean open = true;

        /** The weights. */
        PtNDArray[] tensors() {
            return tensors;
        }

        @Override
        public void close() {
            synchronized (ExactWeights.this) {
                if (open) {
                    open = false;
                    users--;
                    giveBackLater();
                }
            }
        }
    }

    /** Maps them if need be. */
    synchronized Lease open() {
        if (held == null) {
            map();
        }
        users++;
        openings++;
        return new Lease();
    }

    /** How many scopes of native memory they have while they are mapped. */
    synchronized int mappedScopes() {
        return file != null && held != null ? 1 : 0;
    }

    /** How many native tensors. */
    synchronized long mappedArrays() {
        return file != null && held != null ? held.arrays() : 0;
    }

    /** Whether they are in this process's memory now. */
    synchronized boolean present() {
        return held != null;
    }

    /**
     * Holds them no longer when nobody has them open: writes {@code file} if it is not there, or is another model's. If
     * it cannot be, they stay.
     *
     * @param lease of who serves, which is closed
     * @param kept what he serves with: those that are weights are replaced by copies in {@code into}
     * @return whether it is so now
     */
    synchronized boolean mapFrom(Path file, Lease lease, PtNDArray[] kept, Scope into) {
        try {
            if (!whole(file)) {
                write(file);
            }
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "event=exact_weights_held file={0} reason={1}",
                    file,
                    String.valueOf(e.getMessage()));
            return false;
        }
        copy(kept, into);
        this.file = file;
        lease.close();
        giveBack(openings);
        System.gc(); // what was read from the model's files lies in buffers that only the collector gives back
        LOG.log(System.Logger.Level.INFO, "event=exact_weights_mapped file={0} bytes={1}", file, end());
        return true;
    }

    private void copy(PtNDArray[] kept, Scope into) {
        Set<PtNDArray> weights = Collections.newSetFromMap(new IdentityHashMap<>());
        weights.addAll(Arrays.asList(tensors));
        var copies = new IdentityHashMap<PtNDArray, PtNDArray>();
        for (int i = 0; i < kept.length; i++) {
            if (weights.contains(kept[i])) {
                kept[i] = copies.computeIfAbsent(kept[i], weight -> Scope.move((PtNDArray) weight.duplicate(), into));
            }
        }
    }

    private void giveBackLater() {
        if (file != null && users == 0) {
            long last = openings;
            CompletableFuture.delayedExecutor(LINGER_MILLIS, TimeUnit.MILLISECONDS)
                    .execute(() -> {
                        if (isLast(last)) {
                            memory.compute(() -> giveBack(last));
                        }
                    });
        }
    }

    /** Whether nobody has them open, and nobody had after the opening {@code last}. */
    private synchronized boolean isLast(long last) {
        return openings == last && users == 0;
    }

    private synchronized void giveBack(long last) {
        if (isLast(last) && held != null) {
            held.close();
            held = null;
            tensors = new PtNDArray[0];
            if (arena != null) {
                arena.close();
                arena = null;
            }
        }
    }

    @SuppressWarnings("MustBeClosedChecker") // the arena is closed when the last user goes
    private void map() {
        var opened = Arena.ofShared();
        var scope = memory.open();
        try (var channel = FileChannel.open(file(), StandardOpenOption.READ)) {
            if (channel.size() != end()) {
                throw new IOException("expected " + end() + " bytes, found " + channel.size());
            }
            var bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), opened);
            var mapped = new ArrayList<PtNDArray>();
            long at = HEAD;
            for (var shape : shapes) {
                long size = size(shape);
                mapped.add(
                        size == 0
                                ? scope.nothing()
                                : scope.floats(bytes.asSlice(at, size).asByteBuffer(), shape));
                at += aligned(size);
            }
            tensors = mapped.toArray(PtNDArray[]::new);
            held = scope;
            arena = opened;
        } catch (IOException e) {
            scope.close();
            opened.close();
            throw new FailedException(
                    "exact_weights_gone",
                    file() + ", which the engine had written, cannot be read: " + e.getMessage(),
                    Fault.NONE,
                    e);
        } catch (RuntimeException | Error e) {
            scope.close();
            opened.close();
            throw e;
        }
    }

    private Path file() {
        if (file == null) {
            throw new AssertionError("weights that are neither held nor in a file");
        }
        return file;
    }

    private byte[] head() {
        var text = String.join(
                "\n",
                FORM,
                ByteOrder.nativeOrder().toString(),
                "base " + model.digest(),
                "tensors " + shapes.length + " bytes " + end(),
                "");
        return Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), HEAD);
    }

    private boolean whole(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) != end()) {
            return false;
        }
        try (var in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(HEAD), head());
        }
    }

    private void write(Path file) throws IOException {
        for (var shape : shapes) {
            if (size(shape) > Integer.MAX_VALUE) {
                throw new IOException("a tensor of " + size(shape) + " bytes is too large to be mapped");
            }
        }
        var part = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            try (var channel = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                put(channel, ByteBuffer.wrap(head()), HEAD);
                for (int i = 0; i < shapes.length; i++) {
                    long size = size(shapes[i]);
                    if (size > 0) {
                        put(channel, tensors[i].toByteBuffer(), aligned(size));
                    }
                }
                channel.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void put(FileChannel channel, ByteBuffer bytes, long length) throws IOException {
        long padding = length - bytes.remaining();
        for (var piece : List.of(bytes, ByteBuffer.allocate((int) padding))) {
            while (piece.hasRemaining()) {
                channel.write(piece);
            }
        }
    }

    private long end() {
        return HEAD
                + Arrays.stream(shapes).mapToLong(shape -> aligned(size(shape))).sum();
    }

    private static long size(long[] shape) {
        return Float.BYTES * Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    private static long aligned(long size) {
        return Math.ceilDiv(size, ALIGNED) * ALIGNED;
    }

    /** Frees or unmaps them; nobody may have them open. */
    @Override
    public synchronized void close() {
        if (held != null) {
            held.close();
            held = null;
        }
        if (arena != null) {
            arena.close();
            arena = null;
        }
    }
}
