package dev.apprentice.engine.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A model as Hugging Face lays it out: config.json, safetensors, tokenizer.json and their companions. */
record HuggingFaceFolder(Path path, Set<String> names, Blame blame) {
    /**
     * Trees of JSON take thirty times the file's size at worst; real files of this kind stay under a megabyte or two.
     */
    static final int CONFIG_BYTES_MAX = 1 << 22;

    private static final int TOKENIZER_BYTES_MAX = 1 << 26;
    private static final String LFS_POINTER = "version https://git-lfs";

    static HuggingFaceFolder at(Path path) {
        var blame = new Blame(path.toString());
        try (var files = Files.list(path)) {
            var names = new TreeSet<String>();
            files.forEach(file -> names.add(String.valueOf(file.getFileName())));
            return new HuggingFaceFolder(path, names, blame);
        } catch (IOException e) {
            throw blame.damaged("folder", "a readable folder", String.valueOf(e.getMessage()));
        }
    }

    List<String> ggufFiles() {
        return names.stream().filter(name -> name.endsWith(".gguf")).toList();
    }

    ModelParts read(Arena arena, List<MappedFile> files) {
        var configFile = json("config.json", CONFIG_BYTES_MAX);
        HuggingFaceConfig.family(configFile); // what can't be run is refused by name, before missing files are
        var stored = new HuggingFaceWeights(this, arena, files).read();
        var config = new HuggingFaceConfig(configFile, stored.keySet()).read(() -> sameHead(stored));
        if (config.tied()) {
            stored.remove("lm_head.weight");
        }
        TensorPlan.check(config, stored, blame);
        var tokenizer = bytes("tokenizer.json", TOKENIZER_BYTES_MAX);
        var ids = TokenizerFile.read(tokenizer, blame("tokenizer.json"));
        if (ids.size() > config.vocabulary()) {
            throw blame("tokenizer.json")
                    .contradictory(
                            "ids", "fewer than " + config.vocabulary() + ", as vocab_size says", "" + (ids.size() - 1));
        }
        var texts = new HuggingFaceTexts(this, ids, config.vocabulary());
        return new ModelParts(
                String.valueOf(path.toAbsolutePath().normalize().getFileName()),
                config,
                tokenizer,
                texts.specials(configFile),
                texts.templates(),
                texts.defaults(),
                inOrder(config, stored));
    }

    private static boolean sameHead(Map<String, MappedTensor> stored) {
        var head = stored.get("lm_head.weight");
        var embedding = stored.get("model.embed_tokens.weight");
        return head != null && embedding != null && head.sameBytes(embedding);
    }

    private static Map<String, MappedTensor> inOrder(ModelConfig config, Map<String, MappedTensor> stored) {
        var ordered = new LinkedHashMap<String, MappedTensor>();
        for (var tensor : TensorPlan.of(config).keySet()) {
            var found = stored.get(tensor);
            if (found != null) {
                ordered.put(tensor, found);
            }
        }
        return ordered;
    }

    boolean has(String name) {
        return names.contains(name);
    }

    Blame blame(String name) {
        return new Blame(path.resolve(name).toString());
    }

    /** A JSON object that must be there. */
    JsonFile json(String name, int bytesMax) {
        return JsonFile.parse(bytes(name, bytesMax), blame(name));
    }

    /** A small JSON object; an empty one where the file is absent. */
    JsonFile optionalJson(String name) {
        return has(name)
                ? json(name, CONFIG_BYTES_MAX)
                : JsonFile.parse("{}".getBytes(StandardCharsets.US_ASCII), blame(name));
    }

    String text(String name) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(java.nio.ByteBuffer.wrap(bytes(name, CONFIG_BYTES_MAX)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw blame(name).damaged("file", "UTF-8 text", "other bytes");
        }
    }

    byte[] bytes(String name, int bytesMax) {
        var file = path.resolve(name);
        var blame = blame(name);
        if (!Files.isRegularFile(file)) {
            throw blame.missing(
                    "file",
                    name.equals("tokenizer.json") && has("tokenizer.model")
                            ? "a tokenizer.json (tokenizer.model alone is not supported)"
                            : "a file of that name");
        }
        try {
            if (Files.size(file) > bytesMax) {
                throw blame.damaged("file", "at most " + bytesMax + " bytes", String.valueOf(Files.size(file)));
            }
            var bytes = Files.readAllBytes(file);
            if (new String(bytes, 0, Math.min(bytes.length, LFS_POINTER.length()), StandardCharsets.ISO_8859_1)
                    .equals(LFS_POINTER)) {
                throw blame.damaged("file", "its contents", "a Git LFS pointer: run `git lfs pull` in that folder");
            }
            return bytes;
        } catch (IOException e) {
            throw blame.damaged("file", "a readable file", String.valueOf(e.getMessage()));
        }
    }
}
