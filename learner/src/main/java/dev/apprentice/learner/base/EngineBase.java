package dev.apprentice.learner.base;

import dev.apprentice.engine.Engine;
import dev.apprentice.engine.batch.Generation;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.engine.model.ModelConfig;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.engine.training.Training;
import java.util.List;
import java.util.Map;

/**
 * The base that an engine has loaded.
 *
 * @param engine which serves and learns
 */
public record EngineBase(Engine engine) implements Base {
    @Override
    public String digest() {
        return engine.base().digest();
    }

    @Override
    public int layers() {
        return config().layers();
    }

    @Override
    public int hidden() {
        return config().hidden();
    }

    /**
     * Counted from the shape: embedding, attention and feed-forward products; norms and biases are nothing beside them.
     */
    @Override
    public long parameters() {
        var config = config();
        long hidden = config.hidden();
        long attention = hidden * config.headDim() * (2L * config.heads() + 2L * config.kvHeads());
        long forward = 3 * hidden * config.intermediate();
        long embedding = hidden * config.vocabulary() * (config.tied() ? 1 : 2);
        return embedding + config.layers() * (attention + forward);
    }

    @Override
    public int contextTokens() {
        return config().contextTokens();
    }

    @Override
    public int[] prompt(List<ChatMessage> messages) {
        return engine.template().render(messages, List.of(), true, Map.of()).ids();
    }

    @Override
    public Span span(List<ChatMessage> messages, String answer) {
        var span = engine.template().span(messages, answer);
        return new Span(span.prompt(), span.answer());
    }

    @Override
    public Generation submit(GenerationRequest request) {
        return engine.submit(request);
    }

    @Override
    public Training training() {
        return engine.training();
    }

    private ModelConfig config() {
        return engine.base().config();
    }
}
