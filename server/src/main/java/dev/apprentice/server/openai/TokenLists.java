package dev.apprentice.server.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.batch.SampledToken;
import dev.apprentice.server.http.Wire;
import java.util.List;

/**
 * Log-probabilities of one choice in the older form, part for part: four lists with one entry for each token. Offsets
 * count characters (code points) of the choice's text; a token that begins within a character is where that one is.
 */
final class TokenLists {
    private static final int CONTINUES_MASK = 0xC0;
    private static final int CONTINUES = 0x80;

    private final LogprobsJson logprobs;
    private final ObjectNode json = Wire.object();
    private final ArrayNode names = json.putArray("tokens");
    private final ArrayNode chosen = json.putArray("token_logprobs");
    private final ArrayNode tops = json.putArray("top_logprobs");
    private final ArrayNode offsets = json.putArray("text_offset");
    private int begun;

    /** The lists of a part before which {@code begun} characters of the text have begun. */
    TokenLists(LogprobsJson logprobs, int begun) {
        this.logprobs = logprobs;
        this.begun = begun;
    }

    /**
     * Adds the first token of {@code text}, which follows nothing and so scores nothing. A space that a tokenizer puts
     * before every text is none of it.
     */
    void first(int token, String text) {
        var bytes = logprobs.bytes(token);
        if (bytes.length > 0 && bytes[0] == ' ' && !text.startsWith(" ")) {
            begun--;
        }
        add(token, bytes);
        chosen.addNull();
        tops.addNull();
    }

    /** Adds {@code tokens} with what they score. */
    void all(List<SampledToken> tokens) {
        for (var token : tokens) {
            add(token.id(), logprobs.bytes(token.id()));
            chosen.add(token.logprob());
            var top = tops.addObject();
            token.top().forEach(other -> top.put(logprobs.name(other.id()), other.logprob()));
        }
    }

    private void add(int token, byte[] bytes) {
        names.add(logprobs.name(token));
        boolean within = bytes.length > 0 && continues(bytes[0]);
        offsets.add(Math.max(0, within ? begun - 1 : begun));
        for (var b : bytes) {
            begun += continues(b) ? 0 : 1;
        }
    }

    private static boolean continues(byte b) {
        return (b & CONTINUES_MASK) == CONTINUES;
    }

    /** How many characters have begun after all that was added. */
    int begun() {
        return begun;
    }

    /** The lists. */
    ObjectNode json() {
        return json;
    }
}
