package dev.apprentice.engine.model.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where things lie in the store, and whether they are whole. */
final class Shelf {
    private final Path root;

    Shelf(Path root) {
        this.root = root;
    }

    /**
     * A place for one model.
     *
     * @param key flat, for the names of lock files and partial folders
     * @param folder where it lies when whole
     */
    record Place(String key, Path folder) {}

    Place place(String knownName) {
        return new Place(knownName, root.resolve(knownName));
    }

    Place place(HubRef ref, String commit) {
        return new Place(key(ref), root.resolve("hf").resolve(ref.repo()).resolve(commit));
    }

    String key(HubRef ref) {
        return "hf--" + ref.repo().replace("/", "--");
    }

    Path lock(String key) {
        return root.resolve(".locks").resolve(key + ".lock");
    }

    Path partial(String key) {
        return root.resolve(".partial").resolve(key);
    }

    /** The commit that {@code ref} named when it was fetched. */
    Optional<String> commit(HubRef ref) throws IOException {
        if (ref.isCommit()) {
            return Optional.of(ref.revision());
        }
        var file = refFile(ref);
        return Files.isRegularFile(file)
                ? Optional.of(Files.readString(file).strip()).filter(text -> text.matches("[0-9a-f]{40}"))
                : Optional.empty();
    }

    void rememberCommit(HubRef ref, String commit) throws IOException {
        if (!ref.isCommit()) {
            Durable.write(refFile(ref), commit + "\n");
        }
    }

    void forgetCommit(HubRef ref) throws IOException {
        Files.deleteIfExists(refFile(ref));
    }

    private Path refFile(HubRef ref) {
        var name = HubClient.encodePath(ref.revision()).replace("/", "%2F");
        return root.resolve("hf").resolve(ref.repo()).resolve("refs").resolve(name);
    }

    /** The manifest of {@code folder}, if all its files are there in their full size. */
    Optional<Manifest> whole(Path folder) throws IOException {
        var manifest = Manifest.read(folder);
        if (manifest.isPresent()) {
            for (var file : manifest.get().modelFiles()) {
                var path = file.in(folder);
                if (!Files.isRegularFile(path) || Files.size(path) != file.bytes()) {
                    return Optional.empty();
                }
            }
        }
        return manifest;
    }

    /** The folders of all snapshots of the hub, by repository and commit. */
    List<Path> snapshots() throws IOException {
        var found = new ArrayList<Path>();
        for (var org : children(root.resolve("hf"))) {
            for (var name : children(org)) {
                found.addAll(children(name).stream()
                        .filter(folder -> Files.exists(folder.resolve(Manifest.FILE)))
                        .toList());
            }
        }
        return found;
    }

    /** What to hand to a loader: the one GGUF file, or the folder. */
    static Path door(Path folder, List<ModelFile> files) {
        return files.size() == 1 && files.getFirst().path().endsWith(".gguf")
                ? files.getFirst().in(folder)
                : folder;
    }

    private static List<Path> children(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory).sorted().toList();
        }
    }
}
