package dev.apprentice.engine.model.hub;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The models that have names, as {@code config/models.yaml} lists them. Immutable. */
public final class KnownModels {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    private final String standard;
    private final Map<String, KnownModel> byName;

    private KnownModels(String standard, Map<String, KnownModel> byName) {
        this.standard = standard;
        this.byName = Map.copyOf(byName);
    }

    /** The list that this build was made with. */
    public static KnownModels bundled() {
        try (var in = KnownModels.class.getResourceAsStream("models.yaml")) {
            if (in == null) {
                throw new AssertionError("models.yaml is missing beside " + KnownModels.class);
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), "models.yaml");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The list in {@code file}, which an operator may have changed. */
    public static KnownModels load(Path file) {
        try {
            return parse(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw bad(file.toString(), "a readable file", String.valueOf(e.getMessage()), e);
        }
    }

    static KnownModels parse(String yaml, String where) {
        try {
            var page = YAML.readValue(yaml, Page.class);
            var models = new LinkedHashMap<String, KnownModel>();
            page.models.forEach((name, entry) -> {
                if (!name.matches("[a-z0-9][a-z0-9._-]{0,63}") || name.equals("hf")) {
                    throw bad(where, "model names of [a-z0-9._-], not 'hf'", name, null);
                }
                models.put(name, entry.model());
            });
            if (!models.containsKey(page.standard)) {
                throw bad(where, "a default that is one of " + models.keySet(), page.standard, null);
            }
            return new KnownModels(page.standard, models);
        } catch (JsonMappingException e) {
            throw bad(
                    where, "the form of config/models.yaml", e.getOriginalMessage() + " at " + e.getPathReference(), e);
        } catch (JsonProcessingException e) {
            throw bad(where, "YAML", e.getOriginalMessage(), e);
        }
    }

    /** The name that stands for the default model. */
    public String standard() {
        return standard;
    }

    /** All names, sorted. */
    public List<String> names() {
        return byName.keySet().stream().sorted().toList();
    }

    Optional<KnownModel> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    private static InvalidRequestException bad(String where, String expected, String found, @Nullable Throwable cause) {
        return new InvalidRequestException(
                "bad_known_models",
                where + ": expected " + expected + ", found: " + found,
                Fault.of(where, expected, found),
                cause);
    }

    private record Page(@JsonProperty("default") String standard, Map<String, Entry> models) {}

    private record Entry(String about, String license, List<FileEntry> files, List<Source> sources) {
        KnownModel model() {
            return new KnownModel(
                    about, license, files.stream().map(FileEntry::file).toList(), sources);
        }
    }

    private record FileEntry(String path, long bytes, String sha256) {
        ModelFile file() {
            return new ModelFile(path, bytes, FileDigest.sha256(sha256));
        }
    }
}
