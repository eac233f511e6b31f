package dev.apprentice.learner.study;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.time.Duration;

/** Writes plans, reports and fits as they are kept with a checkpoint: snake_case JSON, durations as {@code …_ms}. */
final class Notes {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .addModule(new SimpleModule().addSerializer(Duration.class, new Millis()))
            .build();

    private Notes() {}

    static JsonNode json(Object value) {
        return MAPPER.valueToTree(value);
    }

    private static final class Millis extends StdSerializer<Duration> {
        private static final long serialVersionUID = 1L;

        Millis() {
            super(Duration.class);
        }

        @Override
        public void serialize(Duration value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeNumber(value.toMillis());
        }
    }
}
