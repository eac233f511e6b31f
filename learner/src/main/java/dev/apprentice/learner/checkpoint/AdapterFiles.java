package dev.apprentice.learner.checkpoint;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.model.PeftFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The adapters' folders, each named by its content. They are staged by any thread; installed and swept only by the
 * store's writer, between whose transactions every installed folder has its row: so nothing that is about to be
 * registered can be swept.
 */
final class AdapterFiles {
    private static final String TENSORS = "adapter_model.safetensors";
    private static final String CONFIG = "adapter_config.json";
    private static final String STAGED = ".new-";

    private final Path root;
    private final String baseName;

    AdapterFiles(Path root, String baseName) {
        this.root = root;
        this.baseName = baseName;
        try {
            Files.createDirectories(root);
            for (var entry : entries()) { // torn by a crash: no row can name them
                if (entry.getFileName().toString().startsWith(STAGED)) {
                    delete(entry);
                }
            }
        } catch (IOException e) {
            throw failed("the folder of adapters cannot be used", e);
        }
    }

    /** An adapter that is on disk, but not in its place. */
    record Staged(Path folder, String name, String digest) {}

    /** Writes and syncs an adapter under a passing name. */
    Staged stage(LoraAdapter adapter, String id) {
        var folder = root.resolve(STAGED + id);
        try {
            PeftFolder.write(adapter, folder, baseName);
            sync(folder);
            return new Staged(folder, name(folder), sha256(Files.readAllBytes(folder.resolve(TENSORS))));
        } catch (IOException e) {
            discard(folder);
            throw failed("the adapter could not be written", e);
        }
    }

    /** Puts it in its place. On the writer's thread only. */
    void install(Staged staged) {
        var place = root.resolve(staged.name());
        try {
            if (Files.exists(place)) {
                if (fault(staged.name()).isEmpty()) {
                    delete(staged.folder());
                    return;
                }
                delete(place); // damaged: the fresh one is what it should have been
            }
            Files.move(staged.folder(), place, StandardCopyOption.ATOMIC_MOVE);
            sync(root);
        } catch (IOException e) {
            throw failed("the adapter could not be put in its place", e);
        }
    }

    /** Takes back what was staged and not installed. */
    void discard(Staged staged) {
        discard(staged.folder());
    }

    /** Deletes what no row names. On the writer's thread only. */
    void sweep(Set<String> named) {
        try {
            for (var entry : entries()) {
                var name = entry.getFileName().toString();
                if (!name.startsWith(STAGED) && !named.contains(name)) {
                    delete(entry);
                }
            }
        } catch (IOException e) {
            throw failed("old adapters could not be deleted", e);
        }
    }

    /** The engine's name for an adapter. */
    AdapterRef ref(String name, String digest) {
        return new AdapterRef(digest, root.resolve(name));
    }

    /** What is wrong with an installed adapter's files, if anything is. */
    Optional<String> fault(String name) {
        var folder = root.resolve(name);
        for (var file : List.of(TENSORS, CONFIG)) {
            if (!Files.isRegularFile(folder.resolve(file))) {
                return Optional.of(file + " is missing");
            }
        }
        try {
            return name(folder).equals(name) ? Optional.empty() : Optional.of("its files are not what was written");
        } catch (IOException e) {
            return Optional.of("its files cannot be read: " + e.getMessage());
        }
    }

    private static String name(Path folder) throws IOException {
        var tensors = sha256(Files.readAllBytes(folder.resolve(TENSORS)));
        var config = sha256(Files.readAllBytes(folder.resolve(CONFIG)));
        return sha256((tensors + config).getBytes(StandardCharsets.US_ASCII));
    }

    private List<Path> entries() throws IOException {
        try (var entries = Files.list(root)) {
            return entries.toList();
        }
    }

    private static void discard(Path folder) {
        try {
            delete(folder);
        } catch (IOException _) {
            // the next start clears what has a passing name
        }
    }

    private static void delete(Path entry) throws IOException {
        if (Files.isDirectory(entry)) {
            try (var files = Files.list(entry)) {
                for (var file : files.toList()) {
                    delete(file);
                }
            }
        }
        Files.deleteIfExists(entry);
    }

    /** A rename or a new file is on disk only when its directory is. */
    private static void sync(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private static FailedException failed(String what, IOException cause) {
        return new FailedException("adapter_store", what + ": " + cause.getMessage(), Fault.NONE, cause);
    }
}
