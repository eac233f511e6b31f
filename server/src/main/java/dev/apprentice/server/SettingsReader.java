package dev.apprentice.server;

import dev.apprentice.engine.EngineSettings;
import dev.apprentice.engine.Placement;
import dev.apprentice.learner.study.RivalPlan;
import dev.apprentice.learner.study.StudyStart;
import dev.apprentice.server.http.Patience;
import dev.apprentice.server.security.Certificates;
import dev.apprentice.server.security.Keys;
import dev.apprentice.server.security.LoopbackGuard;
import dev.apprentice.server.telemetry.Export;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns text into settings and collects what is wrong with it; a faulty setting reads as its smallest value. */
final class SettingsReader {
    private static final int THREADS_MAX = 8;
    private static final long DAY_MS = 86_400_000;

    private static final Pattern COMMA = Pattern.compile(",");
    private static final Pattern ENDPOINT = Pattern.compile("https?://[A-Za-z0-9.\\[\\]:_/-]+");
    private static final Pattern HOST = Pattern.compile("[a-z0-9._-]+|\\[[0-9a-f:.]+]");
    private static final Pattern ORIGIN = Pattern.compile("\\*|https?://[a-z0-9.\\[\\]:_-]+");

    private final SettingsLayers layers;
    private final List<String> faults;

    SettingsReader(SettingsLayers layers) {
        this.layers = layers;
        this.faults = new ArrayList<>(layers.faults());
    }

    void throwFaults() {
        if (!faults.isEmpty()) {
            throw new BadSettingsException(faults);
        }
    }

    Settings settings() {
        var home = path("home", Path.of(System.getProperty("user.home"), ".apprentice"));
        var data = path("data", home.resolve("data"));
        return new Settings(
                model(), home, data, listen(data), engine(), answers(), learning(), rivals(), telemetry(), jsonLogs());
    }

    private String model() {
        var model = text("model");
        if (model == null || model.isBlank()) {
            fault("model", "a name, a folder, a FILE.gguf or hf:ORG/NAME[@REV]");
            return "";
        }
        return model;
    }

    private Settings.Listen listen(Path data) {
        var host = text("listen.host");
        if (!LoopbackGuard.isLoopback("::1".equals(host) ? "[::1]" : host) && !Keys.existIn(data)) {
            fault(
                    "listen.host",
                    "127.0.0.1, ::1 or localhost (a server without keys listens on loopback only; './apprentice keys create' makes one)");
        }
        return new Settings.Listen(
                String.valueOf(host),
                integer("listen.port", 0, 65_535),
                millis("listen.read_timeout_ms", 100),
                millis("listen.grace_ms", 0),
                millis("listen.comment_every_ms", 100),
                integer("listen.body_bytes_max", 1024, 1 << 30),
                integer("listen.upload_bytes_max", 1024, 1 << 30),
                edge());
    }

    private Settings.Edge edge() {
        var patience = new Patience(
                millis("listen.read_timeout_ms", 100),
                millis("listen.head_timeout_ms", 100),
                integer("listen.body_bytes_per_second_min", 1, 1 << 30),
                millis("listen.write_timeout_ms", 100));
        return new Settings.Edge(
                integer("listen.head_bytes_max", 1024, 1 << 20),
                patience,
                integer("listen.connections_max", 1, 1_000_000),
                names("listen.hosts", HOST, "host names without a port, separated by commas"),
                names("listen.origins", ORIGIN, "origins such as https://app.example, or *, separated by commas"),
                certificates());
    }

    private @Nullable Certificates certificates() {
        var chain = file("listen.tls.certificate");
        var key = file("listen.tls.key");
        var clientCa = file("listen.tls.client_ca");
        if (chain != null && key != null) {
            return new Certificates(chain, key, clientCa);
        }
        if (chain != null) {
            fault("listen.tls.key", "a file, as listen.tls.certificate is one");
        } else if (key != null || clientCa != null) {
            fault("listen.tls.certificate", "a file, as another of listen.tls is one");
        }
        return null;
    }

    private @Nullable Path file(String name) {
        if (text(name) == null) {
            return null;
        }
        var path = path(name, Path.of(""));
        if (!Files.isReadable(path)) {
            fault(name, "a file that can be read");
        }
        return path;
    }

    private Set<String> names(String name, Pattern form, String expected) {
        var text = text(name);
        if (text == null || text.isBlank()) {
            return Set.of();
        }
        var list = text.startsWith("[") ? text.substring(1, text.length() - 1).replace("\"", "") : text;
        var names = COMMA.splitAsStream(list)
                .map(part -> part.strip().toLowerCase(Locale.ROOT))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.toSet());
        if (!names.stream().allMatch(part -> form.matcher(part).matches())) {
            fault(name, expected);
        }
        return names;
    }

    private Settings.Engine engine() {
        return new Settings.Engine(
                placement(),
                choice("engine.dtype", Settings.Dtype.class),
                text("engine.threads") == null
                        ? Math.clamp(Runtime.getRuntime().availableProcessors(), 1, THREADS_MAX)
                        : integer("engine.threads", 1, 256),
                integer("engine.max_rows", 1, 4096),
                integer("engine.queue_limit", 1, 1_000_000),
                integer("engine.prefill_tokens", 16, 1 << 20),
                text("engine.cache_bytes") == null
                        ? EngineSettings.BY_DEVICE
                        : whole("engine.cache_bytes", 1 << 20, Long.MAX_VALUE),
                whole("engine.adapter_bytes", 1 << 20, Long.MAX_VALUE),
                whole("engine.prefix_cache_bytes", 0, Long.MAX_VALUE),
                choice("engine.learning_dtype", EngineSettings.LearningDtype.class));
    }

    private Placement placement() {
        var text = text("engine.device");
        var read = text == null ? Optional.<Placement>empty() : Placement.of(text);
        return read.orElseGet(() -> {
            fault("engine.device", Placement.EXPECTED);
            return new Placement.Auto();
        });
    }

    private Settings.Answers answers() {
        return new Settings.Answers(millis("answers.time_limit_ms", 1));
    }

    private StudyStart learning() {
        return new StudyStart(
                flag("learning.by_itself"), millis("learning.quiet_ms", 0), millis("learning.patience_ms", 0));
    }

    private RivalPlan rivals() {
        return RivalPlan.of(integer("learning.rivals", 1, RivalPlan.CANDIDATES_MAX));
    }

    private Export telemetry() {
        return new Export(endpoint(), headers(), share("telemetry.sampling"), flag("telemetry.capture_content"));
    }

    private @Nullable URI endpoint() {
        var text = text("telemetry.otlp.endpoint");
        if (text == null) {
            return null;
        }
        if (!ENDPOINT.matcher(text).matches()) {
            fault("telemetry.otlp.endpoint", "an address such as http://localhost:4318");
            return null;
        }
        return URI.create(text);
    }

    private Map<String, String> headers() {
        var name = "telemetry.otlp.headers";
        var text = text(name);
        var headers = new LinkedHashMap<String, String>();
        for (var part : text == null ? new String[0] : COMMA.split(text)) {
            var at = part.indexOf('=');
            if (at < 1) {
                hiddenFault(name, "name=value, several separated by commas");
                return Map.of();
            }
            headers.put(part.substring(0, at).strip(), part.substring(at + 1).strip());
        }
        return headers;
    }

    private double share(String name) {
        var text = text(name);
        try {
            var number = Double.parseDouble(text == null ? "" : text);
            if (number >= 0 && number <= 1) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below, like a number out of range
        }
        fault(name, "a number from 0 to 1");
        return 0;
    }

    private boolean flag(String name) {
        var text = text(name);
        if (!"true".equals(text) && !"false".equals(text)) {
            fault(name, "one of true, false");
        }
        return "true".equals(text);
    }

    private boolean jsonLogs() {
        var text = text("log.format");
        if (!"text".equals(text) && !"json".equals(text)) {
            fault("log.format", "one of text, json");
        }
        return "json".equals(text);
    }

    /** A fault of a secret, which is not repeated. */
    private void hiddenFault(String name, String expected) {
        faults.add(name + " must be " + expected + " (from " + value(name).origin() + ")");
    }

    private @Nullable String text(String name) {
        return value(name).text();
    }

    private SettingsLayers.Value value(String name) {
        var value = layers.values().get(name);
        if (value == null) {
            throw new AssertionError("application.yaml lacks " + name);
        }
        return value;
    }

    private int integer(String name, int min, int max) {
        return Math.toIntExact(whole(name, min, max));
    }

    private Duration millis(String name, long min) {
        return Duration.ofMillis(whole(name, min, DAY_MS));
    }

    private long whole(String name, long min, long max) {
        var expected = "a whole number from " + min + (max == Long.MAX_VALUE ? " up" : " to " + max);
        var text = text(name);
        try {
            var number = Long.parseLong(text == null ? "" : text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below, like a number out of range
        }
        fault(name, expected);
        return min;
    }

    private Path path(String name, Path otherwise) {
        var text = text(name);
        if (text == null) {
            return otherwise;
        }
        try {
            var expanded = text.startsWith("~/") ? System.getProperty("user.home") + text.substring(1) : text;
            return Path.of(expanded).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            fault(name, "a path");
            return otherwise;
        }
    }

    private <E extends Enum<E>> E choice(String name, Class<E> type) {
        var constants = type.getEnumConstants();
        var text = text(name);
        for (var constant : constants) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
                return constant;
            }
        }
        var names = Arrays.stream(constants)
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
        fault(name, "one of " + names);
        return constants[0];
    }

    private void fault(String name, String expected) {
        var value = value(name);
        faults.add(name + " must be " + expected + ", found "
                + (value.text() == null ? "nothing" : "'" + value.text() + "'") + " (from " + value.origin() + ")");
    }
}
