package dev.apprentice.server.asking;

import dev.apprentice.engine.batch.Completion;
import dev.apprentice.engine.batch.FinishReason;
import dev.apprentice.engine.batch.SampledToken;
import dev.apprentice.engine.sampling.Constraint;
import dev.apprentice.engine.text.ToolCallParser;
import dev.apprentice.engine.text.ToolText;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/** An answer in which tools may be called. */
final class ToolTold extends ToldOver {
    private final Words words;
    private final ToolCallParser parser;
    private final Deque<ToldEvent> ready = new ArrayDeque<>();
    private final StringBuilder text = new StringBuilder();
    private final List<ToolCall> calls = new ArrayList<>();
    private boolean dropped;

    /**
     * What is known of all answers to a request.
     *
     * @param rules of its tools
     * @param marker the token that announces calls, where it is a control token and thus no part of a text, else -1
     * @param callsMax how many calls are told; what the model calls beyond that is not
     * @param ids of calls
     */
    record Words(ToolRules rules, int marker, int callsMax, Supplier<String> ids) {}

    ToolTold(Told told, Words words) {
        super(told);
        this.words = words;
        var wellFormed = !(words.rules().constraint() instanceof Constraint.None);
        this.parser = new ToolCallParser(words.rules().format(), words.rules()::offers, wellFormed);
    }

    @Override
    public ToldEvent next() throws InterruptedException {
        while (ready.isEmpty()) {
            switch (told.next()) {
                case ToldEvent.Scored scored -> ready.add(scored);
                case ToldEvent.Text(var more, var tokens) -> read(more, tokens);
                case ToldEvent.Ended ended -> end(ended);
                case ToldEvent.Failed failed -> ready.add(failed);
                case ToldEvent.CallBegun _, ToldEvent.CallArguments _, ToldEvent.CallEnded _ ->
                    throw new AssertionError("calls are told apart only once");
            }
        }
        return ready.remove();
    }

    private void read(String more, List<SampledToken> tokens) {
        var marked = tokens.stream().anyMatch(token -> token.id() == words.marker());
        var found = parser.push(marked ? words.rules().format().marker() + more : more);
        tell(found, tokens);
    }

    private void tell(List<ToolText> found, List<SampledToken> tokens) {
        var rest = tokens;
        for (var event : found) {
            if (event instanceof ToolText.Text(var plain)) {
                text.append(plain);
                ready.add(new ToldEvent.Text(plain, rest));
                rest = List.of();
            }
        }
        if (!rest.isEmpty()) {
            ready.add(new ToldEvent.Text("", rest)); // their log-probabilities are told all the same
        }
        found.forEach(this::call);
    }

    private void call(ToolText event) {
        switch (event) {
            case ToolText.Text _ -> {}
            case ToolText.Begun(var name) -> begin(name);
            case ToolText.Arguments(var json) -> {
                if (!dropped) {
                    var call = calls.removeLast();
                    calls.add(new ToolCall(call.id(), call.name(), call.arguments() + json));
                    ready.add(new ToldEvent.CallArguments(calls.size() - 1, json));
                }
            }
            case ToolText.Ended() -> {
                if (!dropped) {
                    ready.add(new ToldEvent.CallEnded(calls.size() - 1));
                }
            }
        }
    }

    private void begin(String name) {
        dropped = calls.size() >= words.callsMax();
        if (!dropped) {
            var call = new ToolCall("call_" + words.ids().get(), name, "");
            calls.add(call);
            ready.add(new ToldEvent.CallBegun(calls.size() - 1, call.id(), name));
        }
    }

    private void end(ToldEvent.Ended ended) {
        tell(parser.finish(), List.of());
        Completion completion = ended.completion();
        var called = !calls.isEmpty() && completion.finish() == FinishReason.STOP;
        ready.add(new ToldEvent.Ended(
                called ? Ending.TOOL_CALLS : ended.ending(), ended.stopString(), text.toString(), calls, completion));
    }

    @Override
    public boolean idle() {
        return ready.isEmpty() && super.idle();
    }
}
