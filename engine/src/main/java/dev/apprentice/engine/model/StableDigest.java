package dev.apprentice.engine.model;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Computes a model's digest once, when first asked: hashing gigabytes takes seconds. */
final class StableDigest implements Supplier<String> {
    private final List<MappedFile> files;
    private @Nullable String value;

    private StableDigest(List<MappedFile> files) {
        this.files = files;
    }

    static Supplier<String> of(List<MappedFile> files) {
        return new StableDigest(List.copyOf(files));
    }

    @Override
    public synchronized String get() {
        var known = value;
        if (known == null) {
            known = Digest.of(files);
            value = known;
        }
        return known;
    }
}
