package dev.apprentice.engine.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.apprentice.engine.model.LoraAdapter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * One tiny model with what transformers answers: {@code src/test/resources/reference/<variant>/}, described in
 * {@code src/test/reference/README.md}.
 *
 * @param variant its folder's name
 * @param about what is special about it
 * @param model a Hugging Face folder or a GGUF file
 * @param adapter a PEFT folder that is attached to it, if any
 * @param scales what PEFT multiplies B A of each adapted module with, by Hugging Face module path
 * @param prompts what is asked
 * @param toleranceFloat32 largest difference of a logit that counts as equal when everything is computed in fp32
 * @param toleranceBfloat16 the same in bf16; empty where no logits are given for it
 */
public record ReferenceCase(
        String variant,
        String about,
        Path model,
        Optional<Path> adapter,
        Map<String, Double> scales,
        List<Prompt> prompts,
        double toleranceFloat32,
        Optional<Double> toleranceBfloat16) {

    /**
     * One prompt and its answer.
     *
     * @param name names it in the files
     * @param messages role and content in turn; empty if it is raw text
     * @param text the rendered chat, or the raw text
     * @param ids the text's tokens: a chat's without, a raw text's with special tokens
     * @param positions where logits are given, ascending, the last one included
     * @param greedy the most probable tokens one after the other, end tokens not treated specially (fp32)
     * @param float32 logits [positions, vocabulary]
     * @param bfloat16 logits [positions, vocabulary] where transformers computes in bf16; else without rows
     */
    @SuppressWarnings("ArrayRecordComponent") // expected values, never compared as a record
    public record Prompt(
            String name,
            List<String> messages,
            String text,
            int[] ids,
            int[] positions,
            int[] greedy,
            float[][] float32,
            float[][] bfloat16) {

        @Override
        public String toString() {
            return name;
        }
    }

    /** Every variant that has prompts, by name. */
    public static List<ReferenceCase> all() {
        try (var folders = Files.list(home())) {
            return folders.filter(f -> Files.exists(f.resolve("expected.json")))
                    .sorted()
                    .map(ReferenceCase::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The variant of that name. */
    public static ReferenceCase of(String variant) {
        return read(home().resolve(variant));
    }

    /** Where the variants are. */
    public static Path home() {
        try {
            return Path.of(Objects.requireNonNull(ReferenceCase.class.getResource("/reference"), "no references")
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ReferenceCase read(Path folder) {
        var expected = json(folder.resolve("expected.json"));
        var tensors = ReferenceTensors.read(folder.resolve("expected.safetensors"));
        var prompts = new ArrayList<Prompt>();
        for (var prompt : expected.get("prompts")) {
            prompts.add(prompt(prompt, tensors));
        }
        var tolerance = expected.get("tolerance");
        return new ReferenceCase(
                folder.getFileName().toString(),
                expected.get("about").asText(),
                folder.resolve(expected.get("model").asText()).normalize(),
                Optional.ofNullable(expected.get("adapter")).map(a -> folder.resolve(a.asText())),
                scales(expected.path("scales")),
                List.copyOf(prompts),
                tolerance.get("float32").asDouble(),
                Optional.ofNullable(tolerance.get("bfloat16")).map(JsonNode::asDouble));
    }

    private static Map<String, Double> scales(JsonNode json) {
        var scales = new TreeMap<String, Double>();
        json.properties().forEach(e -> scales.put(e.getKey(), e.getValue().asDouble()));
        return Map.copyOf(scales);
    }

    /** The adapter's tensors as PEFT stored them; empty if the variant has none. */
    public Optional<LoraAdapter> lora() {
        return adapter.map(folder -> ReferenceTensors.read(folder.resolve("adapter_model.safetensors"))
                .lora(scales::get));
    }

    private static Prompt prompt(JsonNode json, ReferenceTensors tensors) {
        var name = json.get("name").asText();
        var messages = new ArrayList<String>();
        for (var message : json.path("messages")) {
            messages.add(message.get("role").asText());
            messages.add(message.get("content").asText());
        }
        var bfloat16 = name + ".bfloat16";
        return new Prompt(
                name,
                List.copyOf(messages),
                json.get("text").asText(),
                ints(json.get("ids")),
                ints(json.get("positions")),
                ints(json.get("greedy")),
                tensors.rows(name + ".float32"),
                tensors.names().contains(bfloat16) ? tensors.rows(bfloat16) : new float[0][]);
    }

    /** A JSON file of expected values. */
    public static JsonNode json(Path file) {
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A JSON list of whole numbers. */
    public static int[] ints(JsonNode list) {
        return IntStream.range(0, list.size()).map(i -> list.get(i).asInt()).toArray();
    }

    /** The largest difference of two numbers in the same place, infinite if one is no number. */
    public static double distance(float[] actual, float[] expected) {
        if (actual.length != expected.length) {
            throw new IllegalArgumentException(actual.length + " numbers, expected " + expected.length);
        }
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs((double) actual[i] - expected[i]);
            worst = Math.max(worst, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
        }
        return worst;
    }

    @Override
    public String toString() {
        return variant + ": " + about;
    }
}
