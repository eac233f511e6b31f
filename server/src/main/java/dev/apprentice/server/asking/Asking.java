package dev.apprentice.server.asking;

import dev.apprentice.engine.sampling.Constraint;
import dev.apprentice.engine.sampling.SamplingParams;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.Extras;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request, whatever door it came through, checked. Made by {@link #to}.
 *
 * @param model who is asked
 * @param messages the conversation
 * @param tools what may be called
 * @param toolChoice whether it is
 * @param parallelToolCalls whether one answer may call several times
 * @param form what form an answer in text must have
 * @param sampling how tokens are chosen; its own limit and number of tokens are not looked at
 * @param maxTokens how many tokens an answer may have; null is the default
 * @param choices how many answers are made
 * @param extras what is wished beyond that
 * @param episode the task that this belongs to, or null
 * @param idPrefix how the answer's id begins, such as {@code chatcmpl-}
 * @param prompt the tokens to go on from instead of a conversation, or null
 * @param scored whether the prompt's own tokens are scored too
 */
public record Asking(
        String model,
        List<ChatMessage> messages,
        List<Tool> tools,
        ToolChoice toolChoice,
        boolean parallelToolCalls,
        Constraint form,
        SamplingParams sampling,
        @Nullable Integer maxTokens,
        int choices,
        Extras extras,
        @Nullable String episode,
        String idPrefix,
        @Nullable List<Integer> prompt,
        boolean scored) {

    /** Copies the lists. */
    public Asking {
        prompt = prompt == null ? null : List.copyOf(prompt);
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }

    /** A request to {@code model} in which everything else is as it is where nobody says anything. */
    public static Draft to(String model, List<ChatMessage> messages, SamplingParams sampling) {
        return new Draft(model, messages, sampling);
    }

    /** A request that is still being put together. For one thread. */
    public static final class Draft {
        private final String model;
        private final List<ChatMessage> messages;
        private final SamplingParams sampling;
        private List<Tool> tools = List.of();
        private ToolChoice toolChoice = new ToolChoice.Auto();
        private boolean parallelToolCalls = true;
        private Constraint form = new Constraint.None();
        private @Nullable Integer maxTokens;
        private int choices = 1;
        private Extras extras = Extras.NONE;
        private @Nullable String episode;
        private String idPrefix = "chatcmpl-";
        private @Nullable List<Integer> prompt;
        private boolean scored;

        private Draft(String model, List<ChatMessage> messages, SamplingParams sampling) {
            this.model = model;
            this.messages = messages;
            this.sampling = sampling;
        }

        /** What may be called. */
        public Draft tools(List<Tool> tools) {
            this.tools = tools;
            return this;
        }

        /** Whether it is. */
        public Draft toolChoice(ToolChoice toolChoice) {
            this.toolChoice = toolChoice;
            return this;
        }

        /** Whether one answer may call several times. */
        public Draft parallelToolCalls(boolean parallelToolCalls) {
            this.parallelToolCalls = parallelToolCalls;
            return this;
        }

        /** What form an answer in text must have. */
        public Draft form(Constraint form) {
            this.form = form;
            return this;
        }

        /** How many tokens an answer may have; null is the default. */
        public Draft maxTokens(@Nullable Integer maxTokens) {
            this.maxTokens = maxTokens;
            return this;
        }

        /** How many answers are made. */
        public Draft choices(int choices) {
            this.choices = choices;
            return this;
        }

        /** What is wished beyond that. */
        public Draft extras(Extras extras) {
            this.extras = extras;
            return this;
        }

        /** The task that this belongs to, or null. */
        public Draft episode(@Nullable String episode) {
            this.episode = episode;
            return this;
        }

        /** How the answer's id begins. */
        public Draft idPrefix(String idPrefix) {
            this.idPrefix = idPrefix;
            return this;
        }

        /** The tokens to go on from, without a template; the messages are then what feedback takes for the question. */
        public Draft prompt(List<Integer> prompt) {
            this.prompt = prompt;
            return this;
        }

        /** Whether the prompt's own tokens are scored too. */
        public Draft scored(boolean scored) {
            this.scored = scored;
            return this;
        }

        /** The request. */
        public Asking done() {
            return new Asking(
                    model,
                    messages,
                    tools,
                    toolChoice,
                    parallelToolCalls,
                    form,
                    sampling,
                    maxTokens,
                    choices,
                    extras,
                    episode,
                    idPrefix,
                    prompt,
                    scored);
        }
    }
}
