package dev.apprentice.engine.text;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.Json;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a family of models writes calls of tools into its answers. An answer of calls is {@link #opening()}, the calls
 * with {@link #separator()} between them, and {@link #closing()}; one call is {@link #before}, the arguments as JSON,
 * and {@link #after()}.
 */
public enum ToolFormat {
    /** {@code <tool_call>{"name": …, "arguments": …}</tool_call>}: Hermes, Qwen 2.5 and 3. */
    HERMES("<tool_call>", "", "", "<tool_call>\n{\"name\": ", "arguments", "}\n</tool_call>", "\n", "", 16),
    /** {@code {"name": …, "parameters": …}}, perhaps behind {@code <|python_tag|>}: Llama 3.1 to 3.3; one call only. */
    LLAMA("<|python_tag|>", " { \"name\"", "", "{\"name\": ", "parameters", "}", "; ", "", 1),
    /** {@code [TOOL_CALLS][{"name": …, "arguments": …}]}, with ids or without: Mistral. */
    MISTRAL("[TOOL_CALLS]", "", "[TOOL_CALLS][", "{\"name\": ", "arguments", "}", ", ", "]", 16);

    private final String marker;
    private final String unmarked;
    private final String opening;
    private final String beforeName;
    private final String argumentsKey;
    private final String after;
    private final String separator;
    private final String closing;
    private final int callsMax;

    ToolFormat(
            String marker,
            String unmarked,
            String opening,
            String beforeName,
            String argumentsKey,
            String after,
            String separator,
            String closing,
            int callsMax) {
        this.marker = marker;
        this.unmarked = unmarked;
        this.opening = opening;
        this.beforeName = beforeName;
        this.argumentsKey = argumentsKey;
        this.after = after;
        this.separator = separator;
        this.closing = closing;
        this.callsMax = callsMax;
    }

    /** The format that a template with this source teaches its model, if it is a known one. */
    static Optional<ToolFormat> in(String template) {
        if (!template.contains("tools")) {
            return Optional.empty();
        }
        if (template.contains(MISTRAL.marker) && !template.contains("[ARGS]")) {
            return Optional.of(MISTRAL);
        }
        if (template.contains(HERMES.marker) && !template.contains("<function=") && !template.contains("<arg_key>")) {
            return Optional.of(HERMES);
        }
        var llama = template.contains(LLAMA.marker) || template.contains("<|start_header_id|>");
        return llama && template.contains("\"parameters\": ") ? Optional.of(LLAMA) : Optional.empty();
    }

    /** What announces calls; where it is a control token it is not part of the answer's text. */
    public String marker() {
        return marker;
    }

    /**
     * What an answer that is a call begins with where calls need no marker, blanks standing for any number of blanks;
     * empty where they need one.
     */
    public String unmarked() {
        return unmarked;
    }

    /** Whether each call has the marker of its own, so that text may stand between two. */
    public boolean marksEach() {
        return beforeName.startsWith(marker);
    }

    /** What an answer of calls begins with. */
    public String opening() {
        return opening;
    }

    /** What stands before a call's arguments. */
    public String before(String name) {
        return beforeName + "\"" + name + "\", \"" + argumentsKey + "\": ";
    }

    /** What stands behind a call's arguments. */
    public String after() {
        return after;
    }

    /** What stands between two calls. */
    public String separator() {
        return separator;
    }

    /** What ends an answer of calls. */
    public String closing() {
        return closing;
    }

    /** How many calls one answer may have at most. */
    public int callsMax() {
        return callsMax;
    }

    /**
     * What the model would say to make {@code calls}, after {@code text} if that is not empty.
     *
     * @throws IllegalArgumentException if there is no call
     */
    public String write(String text, List<CalledTool> calls) {
        if (calls.isEmpty()) {
            throw new IllegalArgumentException("calls: at least one");
        }
        var written = calls.stream()
                .map(call -> before(call.name()) + spaced(call.arguments()) + after)
                .collect(Collectors.joining(separator, opening, closing));
        return text.isEmpty() ? written : text + "\n" + written;
    }

    /**
     * The same JSON with the blanks that {@code json.dumps} leaves, which models have learnt; no JSON stays as it is.
     */
    private static String spaced(String json) {
        if (json.isBlank()) {
            return "{}";
        }
        try {
            JsonNode tree = Json.strict().readTree(json);
            return Json.strict().writer(new Spaced()).writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            return json;
        }
    }

    private static final class Spaced extends MinimalPrettyPrinter {
        private static final long serialVersionUID = 1;

        @Override
        public void writeObjectFieldValueSeparator(JsonGenerator out) throws IOException {
            out.writeRaw(": ");
        }

        @Override
        public void writeObjectEntrySeparator(JsonGenerator out) throws IOException {
            out.writeRaw(", ");
        }

        @Override
        public void writeArrayValueSeparator(JsonGenerator out) throws IOException {
            out.writeRaw(", ");
        }
    }
}
