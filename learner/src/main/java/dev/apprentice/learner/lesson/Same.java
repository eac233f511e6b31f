package dev.apprentice.learner.lesson;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.store.Columns;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SAME of docs/learning.md: when two requests are one and the same, asked again. */
public final class Same {
    private Same() {}

    /** A key that two requests share exactly if their messages are equal under {@link Wording#plain}. */
    public static String key(List<ChatMessage> messages) {
        var form = messages.stream()
                .map(message -> List.of(
                        message.role().equals("developer") ? "system" : message.role(),
                        Wording.plain(message.content()),
                        message.name() == null ? "" : message.name(),
                        message.toolCalls()))
                .toList();
        return digest(Columns.json(form));
    }

    /** SHA-256 of {@code text}, hexadecimal. */
    public static String digest(String text) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new FailedException("no_sha256", "this Java lacks SHA-256", Fault.NONE, e);
        }
    }
}
