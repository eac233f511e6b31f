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
import java.util.Set;
import java.util.regex.Pattern;
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

    private static final String DEFAULT = "the defaults";
    private static final String FLAG = "the command line";
    private static final Pattern VARIABLE = Pattern.compile("[A-Z][A-Z0-9_]*");

    /** Settings whose values nobody is shown. */
    private static final Set<String> SECRETS = Set.of("telemetry.otlp.headers");

    /** Variables of OpenTelemetry that count where ours are not set. */
    private static final Map<String, String> STANDARD = Map.of(
            "telemetry.otlp.endpoint", "OTEL_EXPORTER_OTLP_ENDPOINT",
            "telemetry.otlp.headers", "OTEL_EXPORTER_OTLP_HEADERS",
            "telemetry.sampling", "OTEL_TRACES_SAMPLER_ARG");

    /**
     * One setting.
     *
     * @param text what was given, or null where it is to be worked out
     * @param origin who gave it, for error messages
     */
    record Value(@Nullable String text, String origin) {}

    static SettingsLayers of(@Nullable Path file, Map<String, String> environment, Map<String, String> flags) {
        var layers = new SettingsLayers(new LinkedHashMap<>(), new ArrayList<>());
        layers.flatten(defaults(), "", (name, text) -> layers.values.put(name, new Value(text, DEFAULT)));
        if (file != null) {
            layers.addFile(file);
        }
        for (var name : List.copyOf(layers.values.keySet())) {
            var variable = variable(name);
            var text = environment.get(variable);
            if (text != null && !text.isBlank()) {
                layers.set(name, text.strip(), variable);
            } else if (STANDARD.containsKey(name)) {
                var standard = STANDARD.get(name);
                var otel = environment.get(standard);
                if (otel != null && !otel.isBlank()) {
                    layers.set(name, otel.strip(), standard);
                }
            }
        }
        flags.forEach((name, text) -> layers.set(name, text, FLAG));
        return layers;
    }

    /** What was given, without secrets. */
    List<Settings.Given> given() {
        return values.entrySet().stream()
                .map(entry -> {
                    var value = entry.getValue();
                    var isHidden = value.text() != null && SECRETS.contains(entry.getKey());
                    return new Settings.Given(entry.getKey(), isHidden ? "***" : value.text(), kind(value.origin()));
                })
                .toList();
    }

    private static String kind(String origin) {
        return switch (origin) {
            case DEFAULT -> "default";
            case FLAG -> "flag";
            default -> (VARIABLE.matcher(origin).matches() ? "environment " : "file ") + origin;
        };
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
            faults.add("there is no setting " + name + " (from " + origin + "); "
                    + Nearest.to(name, values.keySet())
                            .map(near -> "did you mean " + near + "?")
                            .orElse("config/application.yaml lists all"));
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
