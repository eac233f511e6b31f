package dev.apprentice.engine.model;

import dev.apprentice.engine.model.SafetensorsFile.SafetensorsTensor;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The safetensors files of a folder: one, or the shards that an index names; nothing is assumed to be in them. */
final class HuggingFaceWeights {
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*\\.safetensors");
    private static final Pattern SHARD = Pattern.compile("model-\\d+-of-\\d+\\.safetensors");

    /** Buffers of rotary frequencies in old checkpoints: computed anew, so ignored. */
    private static final String ROTARY_BUFFER = "rotary_emb.inv_freq";

    private final HuggingFaceFolder folder;
    private final Arena arena;
    private final List<MappedFile> files;
    private final Map<String, MappedTensor> tensors = new LinkedHashMap<>();

    HuggingFaceWeights(HuggingFaceFolder folder, Arena arena, List<MappedFile> files) {
        this.folder = folder;
        this.arena = arena;
        this.files = files;
    }

    Map<String, MappedTensor> read() {
        boolean single = folder.has(SINGLE);
        if (folder.has(INDEX)) {
            var shards = index();
            if (single && !(shards.size() == 1 && shards.containsKey(SINGLE))) {
                throw folder.blame()
                        .contradictory(INDEX, "no index beside " + SINGLE, "one that names " + shards.firstKey());
            }
            shards.forEach(this::readShard);
        } else if (single) {
            readFile(SINGLE)
                    .forEach((name, tensor) -> add(tensor, files.getLast().blame()));
        } else {
            throw nothing();
        }
        return tensors;
    }

    private dev.apprentice.engine.BadModelException nothing() {
        for (var name : folder.names()) {
            if (SHARD.matcher(name).matches()) {
                return folder.blame().missing(INDEX, "the index of the shards, such as " + name);
            }
        }
        for (var name : folder.names()) {
            if (name.endsWith(".bin") || name.endsWith(".pth") || name.endsWith(".pt")) {
                return folder.blame().unsupported(name, "weights as " + SINGLE, "a pickle, which can run code");
            }
        }
        return folder.blame().missing(SINGLE, "the weights, or " + INDEX + " and its shards");
    }

    /** Shard name to the tensors that it must hold. */
    private SortedMap<String, Map<String, Boolean>> index() {
        var json = folder.json(INDEX, HuggingFaceFolder.CONFIG_BYTES_MAX);
        var map = json.object("weight_map");
        if (map == null) {
            throw json.blame().missing("weight_map", "an object");
        }
        var shards = new TreeMap<String, Map<String, Boolean>>();
        for (var entry : map.root().properties()) {
            var file = map.text(entry.getKey());
            if (file == null || !PLAIN_NAME.matcher(file).matches()) {
                throw json.blame()
                        .damaged(
                                "weight_map." + entry.getKey(),
                                "the plain name of a safetensors file",
                                String.valueOf(file));
            }
            shards.computeIfAbsent(file, shard -> new HashMap<>()).put(entry.getKey(), true);
        }
        if (shards.isEmpty()) {
            throw json.blame().missing("weight_map", "at least one tensor");
        }
        return shards;
    }

    private void readShard(String shard, Map<String, Boolean> wanted) {
        if (!folder.has(shard)) {
            var tensor = wanted.keySet().stream().sorted().findFirst().orElse("");
            throw folder.blame().missing(shard, "the shard that " + INDEX + " names for " + tensor);
        }
        var found = readFile(shard);
        var blame = files.getLast().blame();
        for (var name : wanted.keySet()) {
            if (!found.containsKey(name)) {
                throw blame.missing(name, "a tensor of that name, by " + INDEX);
            }
        }
        for (var tensor : found.values()) {
            if (!wanted.containsKey(tensor.name()) && !tensor.name().endsWith(ROTARY_BUFFER)) {
                throw blame.contradictory(tensor.name(), "a tensor that " + INDEX + " maps to this file", "another");
            }
            add(tensor, blame);
        }
    }

    private Map<String, SafetensorsTensor> readFile(String name) {
        var mapped = MappedFile.map(folder.path().resolve(name), arena);
        files.add(mapped);
        return SafetensorsFile.read(mapped.bytes(), mapped.blame()).tensors();
    }

    private void add(SafetensorsTensor tensor, Blame blame) {
        if (tensor.name().endsWith(ROTARY_BUFFER)) {
            return;
        }
        var encoding = tensor.encoding();
        if (encoding == null) {
            throw blame.unsupported(tensor.name() + " (dtype)", "F32, F16 or BF16", tensor.dtype());
        }
        var mapped = new MappedTensor(tensor.name(), tensor.shape(), encoding, tensor.data(), RowOrder.SAME, blame);
        if (tensors.putIfAbsent(tensor.name(), mapped) != null) {
            throw blame.contradictory(tensor.name(), "each tensor in one shard", "it in two");
        }
    }
}
