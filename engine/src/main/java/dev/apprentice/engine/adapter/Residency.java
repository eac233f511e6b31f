package dev.apprentice.engine.adapter;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.apprentice.engine.AdapterStats;
import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.BadModelException;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.decoder.Decoder;
import dev.apprentice.engine.decoder.LoraTensors;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.model.PeftFolder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Adapters in native memory, by digest and folder, within a budget of bytes. Thread-safe.
 *
 * <p>What answers use is pinned: counted first, and never given up. What is left of the budget keeps those that nobody
 * uses at the moment, the ones most likely to return (Caffeine's TinyLFU, weighed by bytes): where more adapters take
 * turns than fit, some stay, where the least recently used would be gone each time just before it is asked again.
 *
 * <p>Bytes are set aside before an adapter is loaded, so that the budget holds at every moment; who finds no room waits
 * until somebody lets go. Loading happens on a thread of its own, one adapter after the other: neither who asks nor who
 * decodes waits for the disk.
 */
public final class Residency implements AutoCloseable {
    /** So many adapters are remembered as sound; who is forgotten is read once more. */
    private static final int KNOWN_MAX = 10_000;

    private static final int EXPECTED = 1024;

    /** After so many uses the room is forgotten that newcomers needed. */
    private static final int ROOM_KEPT_USES = 16;

    private final Decoder decoder;
    private final long budget;
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantLock reading = new ReentrantLock(true);
    private final Cache<AdapterRef, Long> known =
            Caffeine.newBuilder().maximumSize(KNOWN_MAX).build();
    private final Map<AdapterRef, Resident> used = new HashMap<>();
    private final Cache<AdapterRef, LoraTensors> idle;
    private final ExecutorService loader = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("adapters").daemon().factory());
    private long usedBytes;
    private long roomBytes;
    private boolean evicted;
    private int made;
    private long loads;

    /** Keeps up to {@code bytes} of adapters, those in use included. */
    public Residency(Decoder decoder, long bytes) {
        this.decoder = decoder;
        this.budget = bytes;
        this.idle = Caffeine.newBuilder()
                .initialCapacity(EXPECTED) // so that how often each was asked for is counted apart
                .maximumWeight(bytes)
                .weigher((AdapterRef _, LoraTensors tensors) -> (int) Math.min(Integer.MAX_VALUE, tensors.bytes()))
                .executor(Runnable::run)
                .evictionListener((@Nullable AdapterRef _, @Nullable LoraTensors tensors, RemovalCause _) -> {
                    if (tensors != null) {
                        evicted = true;
                        tensors.close();
                    }
                })
                .build();
    }

    /** The right to use one adapter until closed. */
    public interface Lease extends AutoCloseable {
        /** Whether it is in memory. */
        boolean ready();

        /** Why it could not be brought there, or null. */
        @Nullable
        ApprenticeException fault();

        /** The adapter's tensors, once {@link #ready()}. */
        LoraTensors tensors();

        /** A number that no other adapter in memory has. */
        int number();

        @Override
        void close();
    }

    /**
     * Makes sure, on the calling thread, that {@code ref} can be used: reads it if it was never used before.
     *
     * @return how many bytes it takes
     * @throws BadModelException if its content has another digest
     * @throws dev.apprentice.engine.UnprocessableException if its folder is missing or does not fit the base
     * @throws InvalidRequestException if it is larger than all adapters together may be
     */
    public long check(AdapterRef ref) {
        var bytes = known.getIfPresent(ref);
        if (bytes == null) {
            reading.lock(); // one adapter in the heap at a time, however many ask
            try {
                bytes = known.getIfPresent(ref);
                if (bytes == null) {
                    bytes = decoder.adapterBytes(read(ref));
                    known.put(ref, bytes);
                }
            } finally {
                reading.unlock();
            }
        }
        if (bytes > budget) {
            throw new InvalidRequestException(
                    "adapter_too_large",
                    "the adapter needs " + bytes + " bytes, engine.adapter_bytes is " + budget,
                    Fault.of("model", budget + " bytes at most", bytes + " bytes"));
        }
        return bytes;
    }

    /**
     * Sets bytes aside for {@code ref} and begins to load it if need be.
     *
     * @param bytes as {@link #check} found them
     * @param loaded told when it is ready or has failed, unless it is ready at once
     * @return null if what is in use leaves no room for it now
     */
    public @Nullable Lease pin(AdapterRef ref, long bytes, Runnable loaded) {
        lock.lock();
        try {
            var resident = used.get(ref); // by digest and folder: another configuration scales otherwise
            if (resident == null) {
                if (usedBytes + bytes > budget) {
                    return null;
                }
                resident = new Resident(ref, bytes, made++);
                resident.tensors = idle.asMap().remove(ref);
                used.put(ref, resident);
                use(bytes);
                if (resident.tensors == null) {
                    load(resident);
                }
            }
            resident.holders++;
            if (resident.tensors == null) {
                resident.told.add(loaded);
            }
            return new Held(resident);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes {@code bytes} from what is left for those not in use. If one of them had to go, as much room is kept free
     * for a while: so newcomers find it, and one that is let go competes with those that stayed by how often each was
     * asked for, instead of pushing out the one that waits longest for its turn.
     */
    private void use(long bytes) {
        usedBytes += bytes;
        evicted = false;
        limit();
        if (evicted) {
            roomBytes = Math.max(roomBytes, usedBytes);
        }
    }

    private void letGo(long bytes) {
        usedBytes -= bytes;
        roomBytes = Math.max(0, roomBytes - Math.ceilDiv(bytes, ROOM_KEPT_USES));
        limit();
    }

    private void limit() {
        idle.policy().eviction().orElseThrow().setMaximum(budget - Math.max(usedBytes, roomBytes));
        idle.cleanUp();
    }

    private void load(Resident resident) {
        loader.execute(() -> {
            LoraTensors tensors = null;
            ApprenticeException failure = null;
            try {
                tensors = decoder.place(read(resident.ref));
            } catch (ApprenticeException e) {
                failure = e;
                known.invalidate(resident.ref); // the next who asks is told at once
            } catch (RuntimeException | AssertionError e) {
                failure = new FailedException("adapter_not_loaded", "an adapter could not be loaded", Fault.NONE, e);
            }
            List<Runnable> told;
            lock.lock();
            try {
                resident.tensors = tensors;
                resident.failure = failure;
                loads++;
                told = List.copyOf(resident.told);
                if (resident.holders == 0) {
                    retire(resident);
                }
            } finally {
                lock.unlock();
            }
            told.forEach(Runnable::run);
        });
    }

    private LoraAdapter read(AdapterRef ref) {
        var adapter = PeftFolder.read(ref.folder(), decoder.config());
        var found = PeftFolder.digest(adapter);
        if (!found.equals(ref.digest())) {
            throw new BadModelException(
                    "adapter_changed",
                    ref.folder().getFileName() + ": the adapter's content is not what was registered",
                    Fault.of("adapter_model.safetensors", "SHA-256 " + ref.digest(), "SHA-256 " + found));
        }
        return adapter;
    }

    /** Nobody uses it any more. */
    private void retire(Resident resident) {
        used.remove(resident.ref);
        letGo(resident.bytes);
        if (resident.tensors != null) {
            idle.put(resident.ref, resident.tensors);
            idle.cleanUp();
        }
    }

    /** What is in memory now. */
    public AdapterStats stats() {
        lock.lock();
        try {
            var idling = List.copyOf(idle.asMap().values());
            long idleBytes = idling.stream().mapToLong(LoraTensors::bytes).sum();
            long arrays = Stream.concat(
                            idling.stream(), used.values().stream().flatMap(one -> Stream.ofNullable(one.tensors)))
                    .mapToLong(LoraTensors::arrays)
                    .sum();
            return new AdapterStats(used.size() + idling.size(), usedBytes + idleBytes, arrays, loads);
        } finally {
            lock.unlock();
        }
    }

    /** Frees what nobody uses; nothing may be in use. */
    @Override
    public void close() {
        loader.close(); // waits for one that is being loaded
        idle.asMap().values().forEach(LoraTensors::close);
        idle.invalidateAll();
    }

    private final class Held implements Lease {
        private final Resident resident;
        private boolean open = true;

        Held(Resident resident) {
            this.resident = resident;
        }

        @Override
        public boolean ready() {
            lock.lock();
            try {
                return resident.tensors != null;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public @Nullable ApprenticeException fault() {
            lock.lock();
            try {
                return resident.failure;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public LoraTensors tensors() {
            lock.lock();
            try {
                if (resident.tensors == null) {
                    throw new AssertionError("an adapter that is not loaded yet");
                }
                return resident.tensors;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public int number() {
            return resident.number;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (open) {
                    open = false;
                    resident.holders--;
                    if (resident.holders == 0 && resident.over()) {
                        retire(resident);
                    }
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** One adapter in use. */
    private static final class Resident {
        private final AdapterRef ref;
        private final long bytes;
        private final int number;
        private final List<Runnable> told = new ArrayList<>();
        private int holders;
        private @Nullable LoraTensors tensors;
        private @Nullable ApprenticeException failure;

        Resident(AdapterRef ref, long bytes, int number) {
            this.ref = ref;
            this.bytes = bytes;
            this.number = number;
        }

        /** Whether its loading is over. */
        boolean over() {
            return tensors != null || failure != null;
        }
    }
}
