package dev.apprentice.engine.model;

import dev.apprentice.engine.BadModelException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A model as its files describe it, whatever their format: configuration, tokenizer, templates, and weights under
 * Hugging Face names. The files are mapped, and checked against one another when opened; weights are read when asked
 * for. Safe for use by many threads; after {@link #close()} its tensors can't be read any more.
 */
public final class BaseModel implements AutoCloseable {
    private final Arena arena;
    private final ModelParts parts;
    private final Blame blame;
    private final Supplier<String> digest;
    private final String tokenizerDigest;
    private final String templateDigest;

    private BaseModel(Arena arena, ModelParts parts, List<MappedFile> files, Blame blame) {
        this.arena = arena;
        this.parts = parts;
        this.blame = blame;
        this.digest = StableDigest.of(files);
        this.tokenizerDigest = Digest.of(parts.tokenizerJson());
        this.templateDigest = Digest.of(parts.templates());
    }

    /**
     * Opens a Hugging Face folder or a GGUF file.
     *
     * @throws BadModelException naming file, field or tensor, expected and found, if the model is missing, damaged,
     *     contradictory or of a kind that can't be run
     */
    @SuppressWarnings("MustBeClosedChecker") // the model owns the arena and closes it
    public static BaseModel open(Path dirOrGguf) {
        var arena = Arena.ofShared();
        try {
            var files = new ArrayList<MappedFile>();
            var parts = read(dirOrGguf, arena, files);
            return new BaseModel(arena, parts, files, new Blame(dirOrGguf.toString()));
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private static ModelParts read(Path path, Arena arena, List<MappedFile> files) {
        var blame = new Blame(path.toString());
        if (!Files.exists(path)) {
            throw blame.missing("model", "a Hugging Face folder or a GGUF file");
        }
        if (Files.isDirectory(path)) {
            var folder = HuggingFaceFolder.at(path);
            return folder.has("config.json") || folder.ggufFiles().isEmpty()
                    ? folder.read(arena, files)
                    : read(onlyOne(folder), arena, files);
        }
        if (path.toString().endsWith(".safetensors")) {
            throw blame.unsupported("model", "the folder that holds this file", "the file alone");
        }
        var mapped = MappedFile.map(path, arena);
        files.add(mapped);
        return GgufModel.read(mapped, stem(path));
    }

    private static Path onlyOne(HuggingFaceFolder folder) {
        if (folder.ggufFiles().size() > 1) {
            throw folder.blame()
                    .unsupported("model", "a folder with one GGUF file", String.join(", ", folder.ggufFiles()));
        }
        return folder.path().resolve(folder.ggufFiles().getFirst());
    }

    private static String stem(Path path) {
        var file = String.valueOf(path.getFileName());
        return file.endsWith(".gguf") ? file.substring(0, file.length() - ".gguf".length()) : file;
    }

    /** The folder's name, or the file's without its ending. */
    public String name() {
        return parts.name();
    }

    /** The shape of the network. */
    public ModelConfig config() {
        return parts.config();
    }

    /**
     * SHA-256 of the weights file; of several shards, that of the list {@code sha256sum} prints for them, sorted by
     * name. Computed when first asked for.
     */
    public String digest() {
        return digest.get();
    }

    /** SHA-256 of {@link #tokenizerJson()}. */
    public String tokenizerDigest() {
        return tokenizerDigest;
    }

    /** SHA-256 of {@link #chatTemplates()}. */
    public String templateDigest() {
        return templateDigest;
    }

    /** A Hugging Face {@code tokenizer.json}: the folder's own, or one made from GGUF metadata. */
    public byte[] tokenizerJson() {
        return parts.tokenizerJson().clone();
    }

    /** Special tokens and the ids that end an answer. */
    public SpecialTokens specials() {
        return parts.specials();
    }

    /** Chat templates by name, {@code default} first; empty where the model has none. */
    public Map<String, String> chatTemplates() {
        return Collections.unmodifiableMap(parts.templates());
    }

    /** The authors' recommended sampling settings. */
    public GenerationDefaults defaults() {
        return parts.defaults();
    }

    /**
     * The weight with this Hugging Face name.
     *
     * @throws BadModelException if there is none
     */
    public StoredTensor tensor(String huggingFaceName) {
        var tensor = parts.tensors().get(huggingFaceName);
        if (tensor == null) {
            throw blame.missing(huggingFaceName, "a tensor of that name");
        }
        return tensor;
    }

    /** Names of all weights, in the order of the forward pass. */
    public List<String> tensorNames() {
        return List.copyOf(parts.tensors().keySet());
    }

    /** Unmaps the files. */
    @Override
    public void close() {
        arena.close();
    }
}
