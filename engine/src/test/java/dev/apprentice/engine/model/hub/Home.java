package dev.apprentice.engine.model.hub;

import dev.apprentice.engine.Seams;
import java.net.URI;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A store in a temporary home, with everything it told and every pause it made. */
final class Home {
    final Path path;
    final List<Progress.Event> events = new ArrayList<>();
    final List<Duration> pauses = new ArrayList<>();
    private KnownModels known = KnownModels.bundled();
    private URI hub = URI.create("http://127.0.0.1:9");
    private @Nullable URI mirror;
    private @Nullable String token;
    private StoreSettings.Offline offline = StoreSettings.Offline.NOTHING;
    private Map<String, String> environment = Map.of();
    private Duration stallTimeout = Duration.ofSeconds(20);

    Home(Path path) {
        this.path = path;
    }

    Home known(String yaml) {
        known = KnownModels.parse(yaml, "test");
        return this;
    }

    Home hub(String address, @Nullable String withToken) {
        hub = URI.create(address);
        token = withToken;
        return this;
    }

    Home mirror(String address) {
        mirror = URI.create(address);
        return this;
    }

    Home offline(StoreSettings.Offline what) {
        offline = what;
        return this;
    }

    Home environment(Map<String, String> variables) {
        environment = variables;
        return this;
    }

    Home stallTimeout(Duration timeout) {
        stallTimeout = timeout;
        return this;
    }

    StoreSettings settings() {
        return new StoreSettings(
                path, known, mirror, hub, token, offline, environment, Duration.ofSeconds(5), stallTimeout);
    }

    ModelStore store() {
        var noon = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);
        return new ModelStore(settings(), new Seams(noon, () -> 1L, () -> "id"), events::add, pauses::add);
    }

    Path partial(String model, String file) {
        return path.resolve("models/.partial").resolve(model).resolve(file);
    }

    /** What happened, without the many reports of bytes. */
    List<Class<?>> story() {
        return events.stream()
                .filter(event -> !(event instanceof Progress.Received))
                .<Class<?>>map(Object::getClass)
                .toList();
    }

    /** A list of known models with one model {@code tiny} of one file {@code weights.gguf}. */
    static String tiny(byte[] contents, String sources) {
        return """
                default: tiny
                models:
                  tiny:
                    about: a test model
                    license: Apache-2.0
                    files:
                      - {path: weights.gguf, bytes: %d, sha256: %s}
                    sources: %s
                """.formatted(contents.length, sha256(contents), sources);
    }

    static byte[] contents(int bytes, long seed) {
        var contents = new byte[bytes];
        var random = Seams.random(seed);
        random.nextBytes(contents);
        return contents;
    }

    static String sha256(byte[] contents) {
        return hex("SHA-256", new byte[0], contents);
    }

    static String gitBlob(byte[] contents) {
        return hex(
                "SHA-1",
                ("blob " + contents.length + "\0").getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                contents);
    }

    private static String hex(String algorithm, byte[] head, byte[] contents) {
        try {
            var digest = MessageDigest.getInstance(algorithm);
            digest.update(head);
            return HexFormat.of().formatHex(digest.digest(contents));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
