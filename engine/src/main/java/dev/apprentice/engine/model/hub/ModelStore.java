package dev.apprentice.engine.model.hub;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.Seams;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The local store of base models. It turns what {@code --model} says into a path to load from, fetching what is not
 * there; what is there is used without reaching for any network. Safe for several threads and several processes.
 */
public final class ModelStore {
    private final StoreSettings settings;
    private final Shelf shelf;
    private final Fetching fetching;

    /** A store under {@code settings.home()} that tells {@code progress} what it does. Nothing is touched yet. */
    public ModelStore(StoreSettings settings, Seams seams, Progress progress) {
        this(settings, seams, progress, Pause.real());
    }

    ModelStore(StoreSettings settings, Seams seams, Progress progress, Pause pause) {
        this.settings = settings;
        this.shelf = new Shelf(settings.models());
        this.fetching = new Fetching(settings, seams.clock(), shelf, pause, progress);
    }

    /** Whether a model is in the store. */
    public enum State {
        HERE,
        PARTIAL,
        ABSENT
    }

    /**
     * One model that the store has or knows how to get.
     *
     * @param name what to pass as {@code --model}
     * @param state whether it is here
     * @param bytes the size of its files
     * @param about one line for a person
     */
    public record Entry(String name, State state, long bytes, String about) {}

    /** What a check of one file found. */
    public enum Outcome {
        GOOD,
        MISSING,
        WRONG
    }

    /**
     * One file that was checked.
     *
     * @param name the model that it belongs to
     * @param file where it lies
     * @param outcome what was found
     * @param detail expected and found, where they differ; else empty
     */
    public record Check(String name, Path file, Outcome outcome, String detail) {}

    /**
     * The folder or GGUF file that {@code wanted} stands for: a known name, {@code hf:ORG/NAME[@REVISION]}, a folder,
     * or a {@code .gguf} file. Known names and hub references are fetched if they are not here.
     *
     * @throws NotFoundException if it is no known name and no such path exists
     * @throws dev.apprentice.engine.FetchFailedException if no source could give it
     */
    public Path resolve(String wanted) {
        return isFetchable(wanted) ? pull(wanted) : local(wanted);
    }

    /** Fetches the known name or hub reference {@code wanted} unless it is here; says where it is. */
    public Path pull(String wanted) {
        return onDisk(() -> {
            if (HubRef.isOne(wanted)) {
                return fetching.snapshot(HubRef.parse(wanted));
            }
            return fetching.known(wanted, known(wanted));
        });
    }

    /** Every known model, then every snapshot of the hub that is here. */
    public List<Entry> list() {
        return onDisk(() -> {
            var entries = new ArrayList<Entry>();
            for (var name : settings.known().names()) {
                var model = known(name);
                entries.add(new Entry(name, state(name, model), model.bytes(), model.about()));
            }
            for (var folder : shelf.snapshots()) {
                var manifest = Manifest.read(folder);
                if (manifest.isPresent()) {
                    var whole = shelf.whole(folder).isPresent() ? State.HERE : State.PARTIAL;
                    var bytes = manifest.get().files().stream()
                            .mapToLong(Manifest.Entry::bytes)
                            .sum();
                    entries.add(new Entry(
                            manifest.get().model(), whole, bytes, manifest.get().source()));
                }
            }
            return List.copyOf(entries);
        });
    }

    /** Reads every file in the store and compares its SHA-256; an empty list means that the store is empty. */
    public List<Check> verify() {
        return onDisk(() -> {
            var checks = new ArrayList<Check>();
            for (var name : settings.known().names()) {
                var folder = shelf.place(name).folder();
                if (Files.exists(folder)) {
                    check(name, folder, known(name).files(), checks);
                }
            }
            for (var folder : shelf.snapshots()) {
                var manifest = Manifest.read(folder);
                if (manifest.isPresent()) {
                    check(manifest.get().model(), folder, manifest.get().modelFiles(), checks);
                } else {
                    var file = folder.resolve(Manifest.FILE);
                    checks.add(new Check(folder.toString(), file, Outcome.WRONG, "expected a manifest"));
                }
            }
            return List.copyOf(checks);
        });
    }

    /**
     * Deletes a model from the store, also one that is only partly there; says how many bytes that freed.
     *
     * @throws NotFoundException if nothing of it is here
     */
    public long remove(String wanted) {
        return onDisk(() -> {
            var freed =
                    HubRef.isOne(wanted) ? fetching.removeSnapshot(HubRef.parse(wanted)) : fetching.removeKnown(wanted);
            if (freed == 0) {
                throw new NotFoundException(
                        "model_not_here",
                        "nothing of '" + wanted + "' is in " + settings.models(),
                        Fault.of("model", "a model of './apprentice models list'", wanted));
            }
            return freed;
        });
    }

    private boolean isFetchable(String wanted) {
        return HubRef.isOne(wanted) || settings.known().find(wanted).isPresent();
    }

    private KnownModel known(String name) {
        return settings.known().find(name).orElseThrow(() -> unknown(name));
    }

    private Path local(String wanted) {
        if (wanted.isBlank() || wanted.indexOf('\0') >= 0) {
            throw unknown(wanted);
        }
        var path = Path.of(wanted);
        if (Files.isDirectory(path) || (Files.isRegularFile(path) && wanted.endsWith(".gguf"))) {
            return path.toAbsolutePath().normalize();
        }
        throw unknown(wanted);
    }

    private NotFoundException unknown(String wanted) {
        var expected = "a known name (" + String.join(", ", settings.known().names())
                + "), a folder, a .gguf file, or hf:ORG/NAME[@REVISION]";
        return new NotFoundException(
                "model_not_found",
                "there is no model '" + wanted + "': expected " + expected,
                Fault.of("model", expected, wanted));
    }

    private State state(String name, KnownModel model) throws IOException {
        var place = shelf.place(name);
        if (fetching.isWhole(place.folder(), model.files())) {
            return State.HERE;
        }
        return Files.exists(place.folder()) || Files.exists(shelf.partial(place.key())) ? State.PARTIAL : State.ABSENT;
    }

    private static void check(String name, Path folder, List<ModelFile> files, List<Check> checks) throws IOException {
        for (var file : files) {
            var path = file.in(folder);
            if (!Files.isRegularFile(path)) {
                checks.add(new Check(name, path, Outcome.MISSING, "expected " + file.bytes() + " bytes"));
                continue;
            }
            var found = FileDigest.of(file.digest().kind(), path);
            var good = found.equals(file.digest());
            var detail = good
                    ? ""
                    : "expected " + file.digest() + " (" + file.bytes() + " bytes), found " + found + " ("
                            + Files.size(path) + " bytes)";
            checks.add(new Check(name, path, good ? Outcome.GOOD : Outcome.WRONG, detail));
        }
    }

    /** Work that may be interrupted and may meet a broken disk. */
    @FunctionalInterface
    private interface Work<T> {
        T run() throws IOException, InterruptedException;
    }

    private <T> T onDisk(Work<T> work) {
        try {
            return work.run();
        } catch (IOException e) {
            throw broken(e);
        } catch (UncheckedIOException e) {
            throw broken(Optional.ofNullable(e.getCause()).orElseGet(() -> new IOException(e)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailedException("interrupted", "interrupted; what has come is kept for next time", Fault.NONE, e);
        }
    }

    private FailedException broken(IOException e) {
        return new FailedException(
                "store_failed",
                "the model store in " + settings.models() + " cannot be used: " + e,
                Fault.of(
                        "APPRENTICE_HOME",
                        "a folder on a disk with room that can be written",
                        settings.home().toString()),
                e);
    }
}
