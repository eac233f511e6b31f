package dev.apprentice.server.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.batch.SampledToken;
import dev.apprentice.server.http.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntFunction;

/** Log-probabilities in OpenAI's form: each token with its text, its bytes and what could have stood in its place. */
public final class LogprobsJson {
    private final IntFunction<byte[]> bytesOf;

    /**
     * Writes tokens of one vocabulary.
     *
     * @param bytesOf the bytes of a token by its id
     */
    public LogprobsJson(IntFunction<byte[]> bytesOf) {
        this.bytesOf = bytesOf;
    }

    ObjectNode of(List<SampledToken> tokens) {
        var json = Wire.object();
        json.set("content", content(tokens));
        return json.putNull("refusal");
    }

    /** One entry for each of {@code tokens}. */
    public ArrayNode content(List<SampledToken> tokens) {
        var content = Wire.object().arrayNode();
        for (var token : tokens) {
            var entry = content.addObject();
            put(entry, token.id(), token.logprob());
            var top = entry.putArray("top_logprobs");
            token.top().forEach(other -> put(top.addObject(), other.id(), other.logprob()));
        }
        return content;
    }

    /** A token's text, or its bytes spelt out where it is part of a character. */
    String name(int id) {
        return text(bytesOf.apply(id));
    }

    /** A token's bytes. */
    byte[] bytes(int id) {
        return bytesOf.apply(id);
    }

    private void put(ObjectNode entry, int id, double logprob) {
        var bytes = bytesOf.apply(id);
        entry.put("token", text(bytes)).put("logprob", logprob).set("bytes", numbers(bytes));
    }

    /** A token that is part of a character has no text; OpenAI spells its bytes out then. */
    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            var text = new StringBuilder("bytes:");
            for (var b : bytes) {
                text.append(String.format("\\x%02x", b));
            }
            return text.toString();
        }
    }

    private static ArrayNode numbers(byte[] bytes) {
        var numbers = Wire.object().arrayNode();
        for (var b : bytes) {
            numbers.add(Byte.toUnsignedInt(b));
        }
        return numbers;
    }
}
