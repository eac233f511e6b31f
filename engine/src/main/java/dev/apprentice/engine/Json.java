package dev.apprentice.engine;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Where JSON mappers come from, so that every part of the program reads and writes JSON by the same rules. */
public final class Json {
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /**
     * The mapper for files and bodies: a key given twice and anything behind the value are errors. Shared and never
     * reconfigured; whoever needs other features takes a {@code rebuild()}.
     */
    public static JsonMapper strict() {
        return STRICT;
    }
}
