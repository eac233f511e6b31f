package dev.apprentice.learner;

import dev.apprentice.engine.sampling.Constraint;
import dev.apprentice.engine.sampling.SamplingParams;
import dev.apprentice.engine.text.ChatMessage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What someone asks an agent.
 *
 * @param messages the conversation so far
 * @param tools the tools that may be called, as OpenAI's JSON
 * @param constraint what form the answer must have
 * @param sampling how tokens are chosen; its own token limit is not looked at
 * @param maxTokens how many tokens the answer may have, 0 for none; null is 512, or to the window's end if that is less
 * @param extras what is wished beyond that
 * @param episode the task that this belongs to, or null
 * @param deadline when the answer is of no use any more, or null
 * @param idPrefix how the answer's id begins, such as {@code chatcmpl-}
 * @param prompt the tokens to go on from, without template, system prompt or recalled examples, or null;
 *     {@code messages} are then what feedback takes for the question
 * @param scored whether the prompt's own tokens are scored too
 */
public record Question(
        List<ChatMessage> messages,
        List<Map<String, Object>> tools,
        Constraint constraint,
        SamplingParams sampling,
        @Nullable Integer maxTokens,
        Extras extras,
        @Nullable String episode,
        @Nullable Instant deadline,
        String idPrefix,
        @Nullable List<Integer> prompt,
        boolean scored) {
    public Question {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        prompt = prompt == null ? null : List.copyOf(prompt);
    }

    /** A question in a conversation, which the chat template makes a prompt of. */
    public Question(
            List<ChatMessage> messages,
            List<Map<String, Object>> tools,
            Constraint constraint,
            SamplingParams sampling,
            @Nullable Integer maxTokens,
            Extras extras,
            @Nullable String episode,
            @Nullable Instant deadline,
            String idPrefix) {
        this(messages, tools, constraint, sampling, maxTokens, extras, episode, deadline, idPrefix, null, false);
    }

    /** What stays the same in all requests of one task, else of one user, else of one conversation. */
    String person() {
        if (episode != null) {
            return "episode " + episode;
        }
        var user = extras.user();
        return user == null
                ? messages.stream()
                        .filter(message -> message.role().equals("user"))
                        .findFirst()
                        .map(message -> "conversation " + message.content())
                        .orElse("conversation")
                : "user " + user;
    }
}
