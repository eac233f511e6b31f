package dev.apprentice.server.telemetry;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where traces and figures go.
 *
 * @param endpoint of a collector that speaks OTLP over HTTP, such as {@code http://localhost:4318}; null: nowhere
 * @param headers sent along
 * @param sampling share of traces that are kept, 0 to 1, where the caller has not decided
 * @param capturesContent whether questions and answers are sent with traces
 */
public record Export(@Nullable URI endpoint, Map<String, String> headers, double sampling, boolean capturesContent) {
    public Export {
        headers = Map.copyOf(headers);
        if (!(sampling >= 0 && sampling <= 1)) {
            throw new IllegalArgumentException("sampling must be from 0 to 1, found " + sampling);
        }
    }

    /** Headers are not shown: they may hold a key. */
    @Override
    public String toString() {
        return "Export[endpoint=" + endpoint + ", sampling=" + sampling + "]";
    }
}
