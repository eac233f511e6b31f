package dev.apprentice.client.asking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.value.JsonValue;
import dev.apprentice.client.value.Wire;
import java.util.List;

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
     * @return a builder
     */
    public static Builder builder(String model) {
        return new Builder(Wire.object().put("model", model));
    }

    /**
     * The whole question in one line: what a user says to {@code model}.
     *
     * @param model the instance to ask, {@code instance@checkpoint}, or {@code base}
     * @param text what the user says
     * @return the question
     */
    public static AskRequest of(String model, String text) {
        return builder(model).user(text).build();
    }

    /**
     * Begins a question that has everything that this one has.
     *
     * @return a builder; this question stays as it is
     */
    public Builder toBuilder() {
        return new Builder(json());
    }

    /** {@return who is asked} */
    public String model() {
        return text("model");
    }

    /** Puts a question together. */
    public static final class Builder extends SamplingFields<Builder> {
        private Builder(ObjectNode json) {
            super(json);
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Adds a turn.
         *
         * @param message a turn; turns keep the order in which they are added
         * @return this builder
         */
        public Builder message(Message message) {
            json.withArray("messages").add(message.json());
            return this;
        }

        /**
         * Adds turns.
         *
         * @param messages the conversation, oldest first
         * @return this builder
         */
        public Builder messages(List<Message> messages) {
            messages.forEach(this::message);
            return this;
        }

        /**
         * Adds an instruction.
         *
         * @param content what is said
         * @return this builder
         */
        public Builder system(String content) {
            return message(Message.system(content));
        }

        /**
         * Adds what the user says.
         *
         * @param content what is said
         * @return this builder
         */
        public Builder user(String content) {
            return message(Message.user(content));
        }

        /**
         * Tools that the model may ask for.
         *
         * @param tools the functions; those of an earlier call of this method are forgotten
         * @return this builder
         */
        public Builder tools(List<Tool> tools) {
            var list = json.putArray("tools");
            tools.forEach(tool -> list.add(tool.json()));
            return this;
        }

        /**
         * Whether tools are called: {@code auto}, {@code none}, {@code required}, or the name of the one that must be.
         *
         * @param choice one of these words, or a name
         * @return this builder
         */
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

        /**
         * Whether one answer may call several tools.
         *
         * @param parallel false where one call has to be enough; true by default
         * @return this builder
         */
        public Builder parallelToolCalls(boolean parallel) {
            json.put("parallel_tool_calls", parallel);
            return this;
        }

        /**
         * What the answer must look like.
         *
         * @param format the form; a form that was given before is forgotten
         * @return this builder
         */
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

        /**
         * Asks for the tokens' log-probabilities, with the {@code top} (0 to 20) best tokens at each place.
         *
         * @param top how many, 0 to 20
         * @return this builder
         */
        public Builder logprobs(int top) {
            json.put("logprobs", true).put("top_logprobs", top);
            return this;
        }

        /**
         * A note that the server keeps with the interaction.
         *
         * @param name the note's name
         * @param value what it says
         * @return this builder
         */
        public Builder metadata(String name, String value) {
            json.withObjectProperty("metadata").put(name, value);
            return this;
        }

        /**
         * The task that this question is part of; a reward may be given to the whole of it.
         *
         * @param episode its id, at most 128 characters
         * @return this builder
         */
        public Builder episode(String episode) {
            return metadata("episode", episode);
        }

        /**
         * Whether lessons may act on the answer beside the weights; yes if nothing is said.
         *
         * @param recall false so that the weights speak alone
         * @return this builder
         */
        public Builder recall(boolean recall) {
            extras().put("recall", recall);
            return this;
        }

        /**
         * Whether what was learnt into the weights acts on the answer.
         *
         * @param use where the request is familiar, always or never
         * @return this builder
         */
        public Builder adapter(AdapterUse use) {
            extras().put("adapter", use.value());
            return this;
        }

        /**
         * Whether feedback on the answer may teach; yes if nothing is said.
         *
         * @param learn false where feedback must not teach
         * @return this builder
         */
        public Builder learn(boolean learn) {
            extras().put("learn", learn);
            return this;
        }

        /**
         * How many answers are made, of which the best is given; one if nothing is said.
         *
         * @param candidates from 1 to 128
         * @return this builder
         */
        public Builder bestOf(int candidates) {
            extras().put("best_of", candidates);
            return this;
        }

        /**
         * Any field, also one that this version does not know. Over HTTP only, where there is no method for it.
         *
         * @param name the field's name
         * @param value what it should say; it is copied
         * @return this builder
         */
        public Builder field(String name, JsonNode value) {
            json.set(name, value.deepCopy());
            return this;
        }

        /**
         * The question, which this builder changes no more.
         *
         * @return the question
         * @throws IllegalStateException if no message was added
         */
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
