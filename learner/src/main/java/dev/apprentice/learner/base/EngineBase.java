package dev.apprentice.learner.base;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.Engine;
import dev.apprentice.engine.UnprocessableException;
import dev.apprentice.engine.batch.Generation;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.engine.model.ModelConfig;
import dev.apprentice.engine.text.CalledTool;
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
    public int[] prompt(List<ChatMessage> messages, List<Map<String, Object>> tools) {
        return engine.template().render(messages, tools, true, Map.of()).ids();
    }

    @Override
    public Span span(List<ChatMessage> messages, List<Map<String, Object>> tools, ChatMessage answer) {
        var span = engine.template().span(messages, tools, answer);
        return new Span(span.prompt(), span.answer());
    }

    @Override
    public String text(ChatMessage answer) {
        if (answer.toolCalls().isEmpty()) {
            return answer.content();
        }
        var format = engine.template().toolFormat();
        if (format.isEmpty()) {
            throw new UnprocessableException(
                    "tools_not_supported",
                    "the loaded model has no tool format, so it cannot be taught calls of tools",
                    Fault.of("message.tool_calls", "absent, or a model whose chat template uses tools", "calls"));
        }
        var calls = answer.toolCalls().stream()
                .filter(call -> call.get("function") instanceof Map<?, ?>)
                .map(call -> (Map<?, ?>) call.get("function"))
                .map(function ->
                        new CalledTool(String.valueOf(function.get("name")), String.valueOf(function.get("arguments"))))
                .toList();
        return format.get().write(answer.content(), calls);
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
