package dev.apprentice.server.openai;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.Engine;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.learner.Learner;
import dev.apprentice.server.http.Body;
import dev.apprentice.server.http.Fields;
import dev.apprentice.server.http.Presence;
import dev.apprentice.server.http.Reply;
import dev.apprentice.server.http.Routes;
import dev.apprentice.server.http.Watch;
import dev.apprentice.server.http.Wire;
import dev.apprentice.server.security.Caller;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * Embeddings: the mean of the base's last hidden states over a text's tokens, of length one. The weights are the
 * base's, whoever is asked, so that vectors can be compared for ever. Each text is read alone: its vector is the same
 * in any list.
 */
public final class EmbeddingsDoor {
    private static final int ITEMS_MAX = 2048;

    private static final int REQUEST_TOKENS_MAX = 300_000;

    private final Learner learner;
    private final Engine engine;
    private final Presence presence;
    private final int bodyBytesMax;

    /** The door to the base of {@code engine} under every name that {@code learner} knows. */
    public EmbeddingsDoor(Learner learner, Engine engine, Presence presence, int bodyBytesMax) {
        this.learner = learner;
        this.engine = engine;
        this.presence = presence;
        this.bodyBytesMax = bodyBytesMax;
    }

    /** What can be asked for here. */
    public void routing(Routes routes) {
        routes.post("/v1/embeddings", this::embed);
    }

    private void embed(ServerRequest request, ServerResponse response) {
        var body = Body.json(request, bodyBytesMax);
        var caller = Caller.of(request);
        var model = body.requiredString("model");
        caller.mayAsk(model);
        learner.agent(model); // refuses what cannot be asked
        var config = engine.base().config();
        var inputs = new TokenInput(body, "input", engine.tokenizer(), config.vocabulary(), ITEMS_MAX).read();
        var base64 = body.choice("encoding_format", Set.of("float", "base64"))
                .orElse("float")
                .equals("base64");
        int dimensions = body.integer("dimensions", 1, config.hidden()).orElse(config.hidden());
        body.string("user");
        int tokens = tokens(body, inputs);
        var json = Wire.object().put("object", "list");
        var data = json.putArray("data");
        try (var watch = presence.watch()) {
            for (var input : inputs) {
                var vector = vector(input.ids(), dimensions, watch);
                var entry = data.addObject().put("object", "embedding").put("index", data.size() - 1);
                entry.set("embedding", base64 ? TextNode.valueOf(base64(vector)) : Wire.value(vector));
            }
        } finally {
            caller.meter().charge(tokens);
        }
        json.put("model", model).putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
        Reply.ok(response, json);
    }

    private int tokens(Fields body, List<TokenInput.Item> inputs) {
        int textMax = engine.base().config().contextTokens();
        long sum = 0;
        for (var input : inputs) {
            var count = input.ids().size();
            if (count > textMax) {
                throw tooLong(body.name("input"), "at most " + textMax + " tokens in a text", count + " tokens");
            }
            sum += count;
        }
        if (sum > REQUEST_TOKENS_MAX) {
            throw tooLong(body.name("input"), "at most " + REQUEST_TOKENS_MAX + " tokens in all", sum + " tokens");
        }
        return Math.toIntExact(sum);
    }

    private static InvalidRequestException tooLong(String field, String expected, String found) {
        return new InvalidRequestException(
                "context_length_exceeded",
                field + " must have " + expected + ", found " + found,
                Fault.of(field, expected, found));
    }

    private float[] vector(List<Integer> ids, int dimensions, Watch watch) {
        if (Thread.currentThread().isInterrupted()) {
            throw watch.givenUp(new InterruptedException("between two texts"));
        }
        var prompt = ids.stream().mapToInt(Integer::intValue).toArray();
        var states = engine.training()
                .embed(prompt, new int[] {engine.base().config().layers()});
        return normalised(Arrays.copyOf(states[0], dimensions));
    }

    /** The vector of length one in the same direction; zero stays zero. */
    static float[] normalised(float[] vector) {
        double squares = 0;
        for (float part : vector) {
            squares += (double) part * part;
        }
        double length = squares == 0 ? 1 : Math.sqrt(squares);
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (vector[i] / length);
        }
        return vector;
    }

    /** Little-endian 32-bit floats, as OpenAI's clients expect them. */
    private static String base64(float[] vector) {
        var bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
