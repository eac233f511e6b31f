package dev.apprentice.engine.model.hub;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.apprentice.engine.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a folder of the store holds, written into it before it gets its name: a folder with a manifest is whole.
 *
 * @param model the name or reference that it answers to
 * @param source where its files came from
 * @param fetchedAt when, RFC 3339 UTC
 * @param files all its files with their SHA-256
 */
record Manifest(
        String model,
        String source,
        @JsonProperty("fetched_at") String fetchedAt,
        List<Entry> files) {

    static final String FILE = "apprentice-model.json";

    private static final JsonMapper JSON = Json.strict()
            .rebuild()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    /** One file of the folder. */
    record Entry(String path, long bytes, String sha256) {
        ModelFile file() {
            return new ModelFile(path, bytes, FileDigest.sha256(sha256));
        }

        static Entry of(ModelFile file, Path folder) throws IOException {
            var digest = file.digest().kind() == FileDigest.Kind.SHA256
                    ? file.digest()
                    : FileDigest.of(FileDigest.Kind.SHA256, file.in(folder));
            return new Entry(file.path(), file.bytes(), digest.hex());
        }
    }

    Manifest {
        files = List.copyOf(files);
    }

    List<ModelFile> modelFiles() {
        return files.stream().map(Entry::file).toList();
    }

    /** The manifest in {@code folder}; none where there is no readable one. */
    static Optional<Manifest> read(Path folder) throws IOException {
        var file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            var manifest = JSON.readValue(file.toFile(), Manifest.class);
            var _ = manifest.modelFiles();
            return Optional.of(manifest);
        } catch (JacksonException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    void write(Path folder) throws IOException {
        Durable.write(folder.resolve(FILE), JSON.writeValueAsString(this) + "\n");
    }
}
