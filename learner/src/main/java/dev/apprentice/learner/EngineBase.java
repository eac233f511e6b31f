package dev.apprentice.learner;

import dev.apprentice.engine.Engine;
import dev.apprentice.engine.batch.Generation;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.engine.training.Training;
import dev.apprentice.learner.base.Base;
import dev.apprentice.learner.base.Span;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The loaded base model through the engine's door. */
final class EngineBase implements Base {
    private final Engine engine;
    private final long parameters;

    EngineBase(Engine engine) {
        this.engine = engine;
        this.parameters = engine.base().tensorNames().stream()
                .mapToLong(name ->
                        Arrays.stream(engine.base().tensor(name).shape()).reduce(1, (a, b) -> a * b))
                .sum();
    }

    @Override
    public String digest() {
        return engine.base().digest();
    }

    @Override
    public int layers() {
        return engine.base().config().layers();
    }

    @Override
    public int hidden() {
        return engine.base().config().hidden();
    }

    @Override
    public long parameters() {
        return parameters;
    }

    @Override
    public int contextTokens() {
        return engine.base().config().contextTokens();
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
}
