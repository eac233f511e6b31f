package dev.apprentice.engine;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Where JSON mappers come from, so that every part of the program reads and writes JSON by the same rules. */
public final class Json {
    private static final JsonMapper STRICT = JsonMapper.builder(factory())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** How many sets of buffers wait for their next use. */
    private static final int BUFFERS_KEPT_MAX = 64;

    private Json() {}

    /**
     * Readers and writers whose buffers are shared by all threads. As a rule Jackson keeps them for each thread, and
     * there is a virtual thread for each connection here: an open stream would hold 30 kB that it does not need.
     */
    public static JsonFactory factory() {
        return JsonFactory.builder()
                .recyclerPool(JsonRecyclerPools.newBoundedPool(BUFFERS_KEPT_MAX))
                .build();
    }

    /**
     * The mapper for files and bodies: a key given twice and anything behind the value are errors. Shared and never
     * reconfigured; whoever needs other features takes a {@code rebuild()}.
     */
    public static JsonMapper strict() {
        return STRICT;
    }
}
