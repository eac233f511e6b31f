package dev.apprentice.engine.model.hub;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the store is and how it reaches the world.
 *
 * @param home our home; the store is {@code models/} in it
 * @param known the models that have names
 * @param mirror an address that holds NAME/FILE for known models, or null for none
 * @param hub the model hub
 * @param token for repositories of the hub that ask for one, or null; goes to the hub's own host only
 * @param offline what may not be reached
 * @param environment the process's environment, for proxies and for finding {@code pip}
 * @param connectTimeout how long a source may take to accept a connection
 * @param stallTimeout how long it may then send nothing
 */
public record StoreSettings(
        Path home,
        KnownModels known,
        @Nullable URI mirror,
        URI hub,
        @Nullable String token,
        Offline offline,
        Map<String, String> environment,
        Duration connectTimeout,
        Duration stallTimeout) {

    /** What an operator has forbidden to reach. */
    public enum Offline {
        NOTHING,
        HUB,
        EVERYTHING
    }

    /** Checks what can be checked without reaching anything. */
    public StoreSettings {
        home = home.toAbsolutePath().normalize();
        environment = Map.copyOf(environment);
        checkAddress("hub", hub);
        if (mirror != null) {
            checkAddress("mirror", mirror);
        }
        if (connectTimeout.isNegative() || connectTimeout.isZero()) {
            throw bad("connectTimeout", "more than 0", connectTimeout.toString());
        }
        if (stallTimeout.isNegative() || stallTimeout.isZero()) {
            throw bad("stallTimeout", "more than 0", stallTimeout.toString());
        }
    }

    /**
     * What the environment says: {@code APPRENTICE_HOME}, {@code APPRENTICE_MIRROR}, {@code APPRENTICE_OFFLINE},
     * {@code HF_ENDPOINT}, {@code HF_TOKEN}, {@code HF_HUB_OFFLINE}; proxies are read from it when something is
     * fetched.
     */
    public static StoreSettings of(KnownModels known, Map<String, String> environment) {
        var home = text(environment, "APPRENTICE_HOME");
        var mirror = text(environment, "APPRENTICE_MIRROR");
        var hub = text(environment, "HF_ENDPOINT");
        return new StoreSettings(
                home == null ? Path.of(System.getProperty("user.home"), ".apprentice") : Path.of(home),
                known,
                mirror == null ? null : address("APPRENTICE_MIRROR", mirror),
                hub == null ? URI.create("https://huggingface.co") : address("HF_ENDPOINT", hub),
                text(environment, "HF_TOKEN"),
                offline(environment),
                environment,
                Duration.ofSeconds(6),
                Duration.ofSeconds(30));
    }

    /** The same in another home. */
    public StoreSettings at(Path otherHome) {
        return new StoreSettings(
                otherHome, known, mirror, hub, token, offline, environment, connectTimeout, stallTimeout);
    }

    /** The folder that holds everything. */
    Path models() {
        return home.resolve("models");
    }

    static void checkAddress(String field, URI address) {
        var scheme = address.getScheme();
        var web = "https".equalsIgnoreCase(scheme) || "http".equalsIgnoreCase(scheme);
        if (!web || address.getHost() == null || address.getRawQuery() != null || address.getRawUserInfo() != null) {
            throw bad(field, "https://HOST/PATH", address.toString());
        }
    }

    private static URI address(String variable, String value) {
        try {
            var address = URI.create(value.endsWith("/") ? value.substring(0, value.length() - 1) : value);
            checkAddress(variable, address);
            return address;
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(
                    "bad_setting",
                    variable + ": expected https://HOST/PATH, found '" + value + "'",
                    Fault.of(variable, "https://HOST/PATH", value),
                    e);
        }
    }

    private static Offline offline(Map<String, String> environment) {
        if (isOn(environment, "APPRENTICE_OFFLINE")) {
            return Offline.EVERYTHING;
        }
        return isOn(environment, "HF_HUB_OFFLINE") ? Offline.HUB : Offline.NOTHING;
    }

    private static boolean isOn(Map<String, String> environment, String variable) {
        var value = text(environment, variable);
        if (value == null) {
            return false;
        }
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "1", "true", "yes", "on" -> true;
            case "0", "false", "no", "off" -> false;
            default -> throw bad(variable, "1 or 0", value);
        };
    }

    private static @Nullable String text(Map<String, String> environment, String variable) {
        var value = environment.get(variable);
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static InvalidRequestException bad(String field, String expected, String found) {
        return new InvalidRequestException(
                "bad_setting",
                field + ": expected " + expected + ", found '" + found + "'",
                Fault.of(field, expected, found));
    }

    /** Says everything but the token and the environment, which may hold secrets. */
    @Override
    public String toString() {
        return "StoreSettings[home=%s, mirror=%s, hub=%s, token=%s, offline=%s]"
                .formatted(home, mirror, hub, token == null ? "none" : "***", offline);
    }
}
