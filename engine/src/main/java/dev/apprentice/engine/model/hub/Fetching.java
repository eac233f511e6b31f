package dev.apprentice.engine.model.hub;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FetchFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts models into the store and takes them out: under the model's lock, into a partial folder, and only when every
 * file is verified and durable under its final name, by one rename.
 */
final class Fetching {
    private final StoreSettings settings;
    private final Clock clock;
    private final Shelf shelf;
    private final Pause pause;
    private final Progress progress;
    private final Sources sources;

    Fetching(StoreSettings settings, Clock clock, Shelf shelf, Pause pause, Progress progress) {
        this.settings = settings;
        this.clock = clock;
        this.shelf = shelf;
        this.pause = pause;
        this.progress = progress;
        this.sources = new Sources(settings, pause, progress);
    }

    /** Whether {@code folder} holds exactly {@code files}, in their full size. */
    boolean isWhole(Path folder, List<ModelFile> files) throws IOException {
        return shelf.whole(folder)
                .filter(manifest -> manifest.modelFiles().equals(files))
                .isPresent();
    }

    Path known(String name, KnownModel model) throws IOException, InterruptedException {
        var place = shelf.place(name);
        if (isWhole(place.folder(), model.files())) {
            return Shelf.door(place.folder(), model.files());
        }
        try (var _ = lock(place.key(), name)) {
            if (!isWhole(place.folder(), model.files())) {
                var partial = shelf.partial(place.key());
                checkRoom(partial, model.bytes());
                store(name, fetchKnown(name, model, partial), model.files(), place);
            }
        }
        return Shelf.door(place.folder(), model.files());
    }

    private String fetchKnown(String name, KnownModel model, Path partial) throws IOException, InterruptedException {
        var refusals = new ArrayList<String>();
        for (var source : model.sources()) {
            if (source instanceof Source.Mirror && settings.mirror() == null) {
                refusals.add(source.describe() + ": none is set (APPRENTICE_MIRROR)");
                continue;
            }
            progress.on(new Progress.Trying(name, source.describe()));
            try {
                sources.fetch(name, model, source, partial);
                return source.describe();
            } catch (SourceFailedException e) {
                refusals.add(source.describe() + ": " + e.reason());
                progress.on(new Progress.Refused(source.describe(), e.reason()));
            }
        }
        Durable.deleteIfEmpty(partial);
        throw failed(
                name,
                model.bytes(),
                refusals,
                name + "/" + model.files().getFirst().path());
    }

    Path snapshot(HubRef ref) throws IOException, InterruptedException {
        var here = whole(ref);
        if (here != null) {
            return here;
        }
        try (var _ = lock(shelf.key(ref), ref.toString())) {
            here = whole(ref);
            return here != null ? here : fetchSnapshot(ref);
        }
    }

    private Path fetchSnapshot(HubRef ref) throws IOException, InterruptedException {
        var source = "hub, " + ref;
        progress.on(new Progress.Trying(ref.toString(), source));
        try {
            var found = sources.look(ref);
            var place = shelf.place(ref, found.commit());
            if (shelf.whole(place.folder()).isEmpty()) {
                var partial = shelf.partial(place.key());
                checkRoom(
                        partial,
                        found.files().stream().mapToLong(ModelFile::bytes).sum());
                sources.snapshot(ref, found.commit(), found.files(), partial);
                var exact = new HubRef(ref.repo(), found.commit());
                store(exact.toString(), "hub, " + exact, found.files(), place);
            }
            shelf.rememberCommit(ref, found.commit());
            return Shelf.door(place.folder(), found.files());
        } catch (SourceFailedException e) {
            progress.on(new Progress.Refused(source, e.reason()));
            Durable.deleteIfEmpty(shelf.partial(shelf.key(ref)));
            throw failed(ref.toString(), 0, List.of(source + ": " + e.reason()), null);
        }
    }

    long removeKnown(String name) throws IOException, InterruptedException {
        if (!name.matches("[a-z0-9][a-z0-9._-]*") || name.equals("hf")) {
            return 0;
        }
        var place = shelf.place(name);
        if (!Files.exists(place.folder()) && !Files.exists(shelf.partial(place.key()))) {
            return 0;
        }
        try (var _ = lock(place.key(), name)) {
            return discard(place) + Durable.delete(shelf.partial(place.key()));
        }
    }

    long removeSnapshot(HubRef ref) throws IOException, InterruptedException {
        try (var _ = lock(shelf.key(ref), ref.toString())) {
            var commit = shelf.commit(ref);
            shelf.forgetCommit(ref);
            var freed = Durable.delete(shelf.partial(shelf.key(ref)));
            return commit.isPresent() ? freed + discard(shelf.place(ref, commit.get())) : freed;
        }
    }

    private @Nullable Path whole(HubRef ref) throws IOException {
        var commit = shelf.commit(ref);
        if (commit.isEmpty()) {
            return null;
        }
        var folder = shelf.place(ref, commit.get()).folder();
        var manifest = shelf.whole(folder);
        return manifest.isPresent() ? Shelf.door(folder, manifest.get().modelFiles()) : null;
    }

    /** The step that makes a model visible: the manifest, then the name. */
    private void store(String model, String source, List<ModelFile> files, Shelf.Place place) throws IOException {
        var partial = shelf.partial(place.key());
        sweep(partial, files);
        var entries = new ArrayList<Manifest.Entry>();
        for (var file : files) {
            entries.add(Manifest.Entry.of(file, partial));
        }
        new Manifest(model, source, clock.instant().toString(), entries).write(partial);
        discard(place); // what is there is damaged, else nobody would have fetched
        Durable.move(partial, place.folder());
        progress.on(new Progress.Stored(
                model, files.stream().mapToLong(ModelFile::bytes).sum()));
    }

    /** Deletes what a source that failed half-way has left. */
    private static void sweep(Path partial, List<ModelFile> files) throws IOException {
        var wanted = files.stream().map(file -> file.in(partial)).collect(Collectors.toSet());
        List<Path> found;
        try (var walk = Files.walk(partial)) {
            found = walk.filter(Files::isRegularFile).toList();
        }
        for (var file : found) {
            if (!wanted.contains(file)) {
                Files.delete(file);
            }
        }
    }

    /** Takes the name away first, so that nobody sees half a model. */
    private long discard(Shelf.Place place) throws IOException {
        if (!Files.exists(place.folder())) {
            return 0;
        }
        var waste = shelf.partial(place.key() + ".waste");
        var freed = Durable.delete(waste);
        Durable.move(place.folder(), waste);
        return freed + Durable.delete(waste);
    }

    private StoreLock lock(String key, String model) throws IOException, InterruptedException {
        return StoreLock.take(shelf.lock(key), pause, () -> progress.on(new Progress.Waiting(model)));
    }

    private static void checkRoom(Path partial, long bytes) throws IOException {
        Files.createDirectories(partial);
        var free = Files.getFileStore(partial).getUsableSpace();
        if (free < bytes) {
            throw new IOException("no room: " + bytes + " bytes are needed and " + free + " are free");
        }
    }

    private FetchFailedException failed(String model, long bytes, List<String> refusals, @Nullable String onMirror) {
        var text = new StringBuilder("could not fetch model ").append(model);
        if (bytes > 0) {
            text.append(String.format(Locale.ROOT, " (%,d bytes)", bytes));
        }
        text.append("; tried:");
        for (var i = 0; i < refusals.size(); i++) {
            text.append("\n  ").append(i + 1).append(". ").append(refusals.get(i));
        }
        text.append("\nWhat to do: bring the files by other means and pass --model DIR or --model FILE.gguf");
        if (onMirror != null) {
            text.append("; or set APPRENTICE_MIRROR to an address that has ").append(onMirror);
        }
        text.append("; or, behind a proxy, set HTTPS_PROXY")
                .append("; for a mirror of the hub (")
                .append(settings.hub())
                .append(") set HF_ENDPOINT")
                .append(". Then start again: what has come is kept.");
        return new FetchFailedException(
                "model_not_fetched", text.toString(), Fault.of("model", "a source that can be reached", model));
    }
}
