package dev.apprentice.client.asking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.value.JsonValue;
import dev.apprentice.client.value.Wire;
import java.util.List;
import java.util.Map;

/**
 * A question to an agent. Only {@code model} and at least one message are needed; what is not said has the server's
 * default. Values are checked by the server, whose error names the field.
 */
public final class AskRequest extends JsonValue {
    private AskRequest(ObjectNode json) {
        super(json);
    }

    /**
     * Begins a question.
     *
     * @param model an instance ({@code support}), an instance at a checkpoint ({@code support@12}), or {@code base}
     */
    public static Builder builder(String model) {
        return new Builder(Wire.object().put("model", model));
    }

    /** The whole question in one line: what a user says to {@code model}. */
    public static AskRequest of(String model, String text) {
        return builder(model).user(text).build();
    }

    /** Begins a question that has everything that this one has. */
    public Builder toBuilder() {
        return new Builder(json());
    }

    /** Who is asked. */
    public String model() {
        return text("model");
    }

    /** Puts a question together. */
    public static final class Builder {
        private final ObjectNode json;

        private Builder(ObjectNode json) {
            this.json = json;
        }

        /** Adds a turn. */
        public Builder message(Message message) {
            json.withArray("messages").add(message.json());
            return this;
        }

        /** Adds turns. */
        public Builder messages(List<Message> messages) {
            messages.forEach(this::message);
            return this;
        }

        /** Adds an instruction. */
        public Builder system(String content) {
            return message(Message.system(content));
        }

        /** Adds what the user says. */
        public Builder user(String content) {
            return message(Message.user(content));
        }

        /** The longest answer, in tokens. */
        public Builder maxTokens(int maxTokens) {
            json.put("max_tokens", maxTokens);
            return this;
        }

        /** 0: always the most probable token. */
        public Builder temperature(double temperature) {
            json.put("temperature", temperature);
            return this;
        }

        /** Only the most probable tokens whose probabilities add up to this. */
        public Builder topP(double topP) {
            json.put("top_p", topP);
            return this;
        }

        /** Only the {@code topK} most probable tokens. */
        public Builder topK(int topK) {
            json.put("top_k", topK);
            return this;
        }

        /** Only tokens at least this probable, as a part of the most probable one. */
        public Builder minP(double minP) {
            json.put("min_p", minP);
            return this;
        }

        /** Above 1: tokens that were there already become less probable. */
        public Builder repetitionPenalty(double penalty) {
            json.put("repetition_penalty", penalty);
            return this;
        }

        /** Taken from the score of every token that the answer has already. */
        public Builder presencePenalty(double penalty) {
            json.put("presence_penalty", penalty);
            return this;
        }

        /** Taken from a token's score for each time that the answer has it. */
        public Builder frequencyPenalty(double penalty) {
            json.put("frequency_penalty", penalty);
            return this;
        }

        /** Added to the scores of tokens, by their ids. */
        public Builder logitBias(Map<Integer, Double> bias) {
            var object = json.putObject("logit_bias");
            bias.forEach((token, value) -> object.put(token.toString(), value));
            return this;
        }

        /** The same seed and the same question give the same answer. */
        public Builder seed(long seed) {
            json.put("seed", seed);
            return this;
        }

        /** Texts at which the answer ends; they are not part of it. */
        public Builder stop(String... stop) {
            var list = json.putArray("stop");
            List.of(stop).forEach(list::add);
            return this;
        }

        /** The shortest answer, in tokens. */
        public Builder minTokens(int minTokens) {
            json.put("min_tokens", minTokens);
            return this;
        }

        /** Goes on past the token that ends an answer, to its limit. */
        public Builder ignoreEos(boolean ignoreEos) {
            json.put("ignore_eos", ignoreEos);
            return this;
        }

        /** Tools that the model may ask for. */
        public Builder tools(List<Tool> tools) {
            var list = json.putArray("tools");
            tools.forEach(tool -> list.add(tool.json()));
            return this;
        }

        /** {@code auto}, {@code none}, {@code required}, or the name of the tool that must be called. */
        public Builder toolChoice(String choice) {
            switch (choice) {
                case "auto", "none", "required" -> json.put("tool_choice", choice);
                default -> {
                    var named = json.putObject("tool_choice").put("type", "function");
                    named.putObject("function").put("name", choice);
                }
            }
            return this;
        }

        /** Whether one answer may call several tools. */
        public Builder parallelToolCalls(boolean parallel) {
            json.put("parallel_tool_calls", parallel);
            return this;
        }

        /** What the answer must look like. */
        public Builder responseFormat(ResponseFormat format) {
            json.remove(List.of("response_format", "guided_regex", "guided_choice"));
            var form = format.json();
            switch (format.type()) {
                case "regex" -> json.set("guided_regex", form.get("regex"));
                case "choice" -> json.set("guided_choice", form.get("choice"));
                default -> json.set("response_format", form);
            }
            return this;
        }

        /** Asks for the tokens' log-probabilities, with the {@code top} (0 to 20) best tokens at each place. */
        public Builder logprobs(int top) {
            json.put("logprobs", true).put("top_logprobs", top);
            return this;
        }

        /** A note that the server keeps with the interaction. Over HTTP only. */
        public Builder metadata(String name, String value) {
            json.withObjectProperty("metadata").put(name, value);
            return this;
        }

        /** The task that this question is part of; a reward may be given to the whole of it. */
        public Builder episode(String episode) {
            return metadata("episode", episode);
        }

        /** Whether lessons may act on the answer beside the weights; yes if nothing is said. */
        public Builder recall(boolean recall) {
            extras().put("recall", recall);
            return this;
        }

        /** Whether what was learnt into the weights acts on the answer. */
        public Builder adapter(AdapterUse use) {
            extras().put("adapter", use.value());
            return this;
        }

        /** Whether feedback on the answer may teach; yes if nothing is said. */
        public Builder learn(boolean learn) {
            extras().put("learn", learn);
            return this;
        }

        /** Any field, also one that this version does not know. Over HTTP only, where there is no method for it. */
        public Builder field(String name, JsonNode value) {
            json.set(name, value.deepCopy());
            return this;
        }

        /** The question. */
        public AskRequest build() {
            if (json.path("messages").isEmpty()) {
                throw new IllegalStateException("messages must have at least one message");
            }
            return new AskRequest(json);
        }

        private ObjectNode extras() {
            return json.withObjectProperty("apprentice");
        }
    }
}
