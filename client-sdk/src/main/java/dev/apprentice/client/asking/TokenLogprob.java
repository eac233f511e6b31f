package dev.apprentice.client.asking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.error.ProtocolException;
import dev.apprentice.client.value.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** How probable a token was, and what could have stood in its place. */
public final class TokenLogprob extends JsonValue {
    private TokenLogprob(ObjectNode json) {
        super(json);
        token();
        logprob();
    }

    /**
     * What the wire calls a token's log-probability.
     *
     * @param json the object that came over the wire, which is copied
     * @return a value that reads it
     * @throws dev.apprentice.client.error.ProtocolException if a field that no version leaves out is not there
     */
    public static TokenLogprob of(ObjectNode json) {
        return new TokenLogprob(json);
    }

    /** {@return the token's text} */
    public String token() {
        return text("token");
    }

    /** {@return the natural logarithm of its probability} */
    public double logprob() {
        return optionalDouble("logprob")
                .orElseThrow(() -> new ProtocolException("expected a number at logprob of a token, found nothing"));
    }

    /** {@return its bytes: a token may be a part of a character} */
    public byte[] bytes() {
        var list = field("bytes");
        if (list.isEmpty()) {
            return token().getBytes(StandardCharsets.UTF_8);
        }
        var bytes = new byte[list.get().size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) list.get().get(i).asInt();
        }
        return bytes;
    }

    /** {@return the most probable tokens at its place, best first, as many as were asked for} */
    public List<TokenLogprob> top() {
        return objects("top_logprobs", TokenLogprob::of);
    }
}
