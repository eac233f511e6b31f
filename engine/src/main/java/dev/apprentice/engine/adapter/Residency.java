package dev.apprentice.engine.adapter;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.BadModelException;
import dev.apprentice.engine.decoder.Decoder;
import dev.apprentice.engine.decoder.LoraTensors;
import dev.apprentice.engine.model.PeftFolder;
import org.jspecify.annotations.Nullable;

/**
 * Adapters in native memory, by digest and folder: loaded when first asked for, kept while in use, and given up by
 * bytes, least likely to return first (Caffeine's TinyLFU). Thread-safe; loading happens on the asking thread, never on
 * the engine thread.
 */
public final class Residency implements AutoCloseable {
    private final Decoder decoder;
    private final Cache<AdapterRef, Resident> residents;

    /** Keeps up to {@code bytes} of adapters that nobody uses at the moment. */
    public Residency(Decoder decoder, long bytes) {
        this.decoder = decoder;
        this.residents = Caffeine.newBuilder()
                .maximumWeight(bytes)
                .weigher((AdapterRef _, Resident resident) ->
                        (int) Math.min(Integer.MAX_VALUE, resident.tensors.bytes()))
                .executor(Runnable::run)
                .removalListener((@Nullable AdapterRef _, @Nullable Resident resident, RemovalCause _) -> {
                    if (resident != null) {
                        resident.release();
                    }
                })
                .build();
    }

    /** The right to use one adapter until closed. */
    public interface Lease extends AutoCloseable {
        /** The adapter's tensors. */
        LoraTensors tensors();

        @Override
        void close();
    }

    /**
     * Loads {@code ref} if need be and pins it.
     *
     * @throws BadModelException if its folder is missing or its content has another digest
     */
    public Lease acquire(AdapterRef ref) {
        while (true) {
            // By digest and folder: equal tensors under another configuration are scaled otherwise.
            var resident = residents.get(ref, _ -> load(ref));
            if (resident.retain()) {
                return new Lease() {
                    private boolean open = true;

                    @Override
                    public LoraTensors tensors() {
                        return resident.tensors;
                    }

                    @Override
                    public synchronized void close() {
                        if (open) {
                            open = false;
                            resident.release();
                        }
                    }
                };
            }
        }
    }

    private Resident load(AdapterRef ref) {
        var adapter = PeftFolder.read(ref.folder(), decoder.config());
        var found = PeftFolder.digest(adapter);
        if (!found.equals(ref.digest())) {
            throw new BadModelException(
                    "adapter_changed",
                    ref.folder().getFileName() + ": the adapter's content is not what was registered",
                    Fault.of("adapter_model.safetensors", "SHA-256 " + ref.digest(), "SHA-256 " + found));
        }
        return new Resident(decoder.place(adapter));
    }

    /** How many adapters are loaded. */
    public long count() {
        return residents.estimatedSize();
    }

    @Override
    public void close() {
        residents.invalidateAll();
        residents.cleanUp();
    }

    /** One loaded adapter and how many hold it: the cache itself and each lease. */
    private static final class Resident {
        private final LoraTensors tensors;
        private int holders = 1;

        Resident(LoraTensors tensors) {
            this.tensors = tensors;
        }

        /** False if it has been freed meanwhile. */
        synchronized boolean retain() {
            if (holders == 0) {
                return false;
            }
            holders++;
            return true;
        }

        synchronized void release() {
            if (--holders == 0) {
                tensors.close();
            }
        }
    }
}
