package dev.apprentice.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings as text, each with where it came from; later layers weigh more. The defaults say which settings there
 * are.
 *
 * @param values by name, such as {@code listen.port}
 * @param faults what could not be read at all
 */
record SettingsLayers(Map<String, Value> values, List<String> faults) {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /**
     * One setting.
     *
     * @param text what was given, or null where it is to be worked out
     * @param origin who gave it, for error messages
     */
    record Value(@Nullable String text, String origin) {}

    static SettingsLayers of(@Nullable Path file, Map<String, String> environment, Map<String, String> flags) {
        var layers = new SettingsLayers(new LinkedHashMap<>(), new ArrayList<>());
        layers.flatten(defaults(), "", (name, text) -> layers.values.put(name, new Value(text, "the defaults")));
        if (file != null) {
            layers.addFile(file);
        }
        for (var name : List.copyOf(layers.values.keySet())) {
            var variable = variable(name);
            var text = environment.get(variable);
            if (text != null && !text.isBlank()) {
                layers.set(name, text.strip(), variable);
            }
        }
        flags.forEach((name, text) -> layers.set(name, text, "the command line"));
        return layers;
    }

    /** The environment variable that stands for the setting {@code name}. */
    static String variable(String name) {
        return "APPRENTICE_" + name.replace('.', '_').toUpperCase(Locale.ROOT);
    }

    private void addFile(Path file) {
        try {
            var tree = YAML.readTree(Files.readString(file));
            if (tree.isObject()) {
                flatten(tree, "", (name, text) -> set(name, text, file.toString()));
            } else if (!tree.isMissingNode() && !tree.isNull()) {
                faults.add(file + " must hold names and values, found " + tree.getNodeType());
            }
        } catch (JsonProcessingException e) {
            var place = e.getLocation();
            faults.add(file + " is not valid YAML"
                    + (place == null ? "" : " at line " + place.getLineNr() + ", column " + place.getColumnNr())
                    + ": " + e.getOriginalMessage().lines().findFirst().orElse("unreadable"));
        } catch (IOException e) {
            faults.add(file + " cannot be read: " + e.getMessage());
        }
    }

    private void set(String name, @Nullable String text, String origin) {
        if (values.containsKey(name)) {
            values.put(name, new Value(text, origin));
        } else {
            faults.add("there is no setting " + name + " (from " + origin + "); config/application.yaml lists all");
        }
    }

    private void flatten(JsonNode tree, String prefix, Sink sink) {
        for (var property : tree.properties()) {
            var name = prefix + property.getKey();
            var value = property.getValue();
            if (value.isObject()) {
                flatten(value, name + ".", sink);
            } else if (value.isArray()) {
                sink.put(name, value.toString());
            } else {
                sink.put(name, value.isNull() ? null : value.asText());
            }
        }
    }

    private static JsonNode defaults() {
        try (var in = SettingsLayers.class.getResourceAsStream("application.yaml")) {
            if (in == null) {
                throw new AssertionError("application.yaml is missing beside " + SettingsLayers.class);
            }
            return YAML.readTree(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FunctionalInterface
    private interface Sink {
        void put(String name, @Nullable String text);
    }
}
