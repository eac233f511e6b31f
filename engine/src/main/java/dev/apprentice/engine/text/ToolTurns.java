package dev.apprentice.engine.text;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns in which tools were called, as a template can show them. One that knows no calls would leave them out in
 * silence, so they become text of that turn; Mistral's takes ids of nine letters and digits only.
 */
final class ToolTurns {
    private final @Nullable ToolFormat format;
    private final boolean showsCalls;

    private ToolTurns(@Nullable ToolFormat format, boolean showsCalls) {
        this.format = format;
        this.showsCalls = showsCalls;
    }

    static ToolTurns of(ChatTemplate.Source source) {
        var variants = source.variants();
        var text = variants.getOrDefault("tool_use", variants.getOrDefault("default", ""));
        return new ToolTurns(
                ToolFormat.in(text).orElse(null),
                variants.values().stream().anyMatch(it -> it.contains("tool_calls") || it.contains("toolCalls")));
    }

    Optional<ToolFormat> format() {
        return Optional.ofNullable(format);
    }

    List<ChatMessage> shown(List<ChatMessage> messages) {
        if (messages.stream().allMatch(message -> message.toolCalls().isEmpty() && message.toolCallId() == null)) {
            return messages;
        }
        if (!showsCalls) {
            return messages.stream().map(ToolTurns::asText).toList();
        }
        if (format == ToolFormat.MISTRAL) {
            return messages.stream().map(ToolTurns::withShortIds).toList();
        }
        return messages;
    }

    private static ChatMessage asText(ChatMessage message) {
        var calls = new ArrayList<CalledTool>();
        for (var call : message.toolCalls()) {
            if (call.get("function") instanceof Map<?, ?> function) {
                calls.add(new CalledTool(
                        String.valueOf(function.get("name")), String.valueOf(function.get("arguments"))));
            }
        }
        if (calls.isEmpty()) {
            return message;
        }
        return ChatMessage.of(message.role(), ToolFormat.HERMES.write(message.content(), calls));
    }

    private static ChatMessage withShortIds(ChatMessage message) {
        List<Map<String, Object>> calls = new ArrayList<>();
        for (var call : message.toolCalls()) {
            Map<String, Object> renamed = new LinkedHashMap<>(call);
            renamed.put("id", shortId(String.valueOf(call.get("id"))));
            calls.add(renamed);
        }
        var answered = message.toolCallId();
        return new ChatMessage(
                message.role(), message.content(), message.name(), calls, answered == null ? null : shortId(answered));
    }

    /** The same for the same id, so that a call and its answer still belong together. */
    private static String shortId(String id) {
        if (id.matches("[A-Za-z0-9]{9}")) {
            return id;
        }
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, 9);
        } catch (NoSuchAlgorithmException e) {
            throw new FailedException("no_sha256", "this JDK has no SHA-256", Fault.NONE, e);
        }
    }
}
