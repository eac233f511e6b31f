package dev.apprentice.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.apprentice.client.v1.Answer;
import dev.apprentice.client.v1.AnswerEvent;
import dev.apprentice.client.v1.Message;
import dev.apprentice.client.v1.Provenance;
import dev.apprentice.client.v1.TokenLogprob;
import dev.apprentice.client.v1.ToolCall;
import dev.apprentice.client.v1.Usage;
import dev.apprentice.engine.batch.Completion;
import dev.apprentice.engine.batch.SampledToken;
import dev.apprentice.server.asking.Told;
import dev.apprentice.server.asking.ToldEvent;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/** One answer in the contract's messages. */
final class AnswerProto {
    private final Told told;
    private final boolean logprobs;
    private final IntFunction<byte[]> bytesOf;

    AnswerProto(Told told, boolean logprobs, IntFunction<byte[]> bytesOf) {
        this.told = told;
        this.logprobs = logprobs;
        this.bytesOf = bytesOf;
    }

    /** The whole. */
    Answer whole(ToldEvent.Ended ended) {
        var message = Message.newBuilder().setRole("assistant").setContent(ended.text());
        for (var call : ended.calls()) {
            message.addToolCalls(
                    ToolCall.newBuilder().setId(call.id()).setName(call.name()).setArguments(call.arguments()));
        }
        return Answer.newBuilder()
                .setId(told.id())
                .setModel(told.model())
                .setCreated(time(told.created()))
                .setMessage(message)
                .setFinishReason(ended.ending().name().toLowerCase(Locale.ROOT))
                .setUsage(usage(ended.completion()))
                .setProvenance(provenance())
                .addAllLogprobs(logprobs(ended.completion().tokens()))
                .build();
    }

    /** That it begins. */
    AnswerEvent opened() {
        return AnswerEvent.newBuilder()
                .setOpened(AnswerEvent.Opened.newBuilder()
                        .setId(told.id())
                        .setModel(told.model())
                        .setCreated(time(told.created())))
                .build();
    }

    /** Whether {@code more} says anything. */
    boolean says(ToldEvent.Text more) {
        return !more.text().isEmpty() || (logprobs && !more.tokens().isEmpty());
    }

    /** More of its text. */
    AnswerEvent more(ToldEvent.Text more) {
        return AnswerEvent.newBuilder()
                .setDelta(
                        AnswerEvent.Delta.newBuilder().setContent(more.text()).addAllLogprobs(logprobs(more.tokens())))
                .build();
    }

    /** That a call begins. */
    AnswerEvent begins(ToldEvent.CallBegun begun) {
        return call(AnswerEvent.ToolCallDelta.newBuilder()
                .setIndex(begun.index())
                .setId(begun.id())
                .setName(begun.name()));
    }

    /** More of a call. */
    AnswerEvent more(ToldEvent.CallArguments more) {
        return call(
                AnswerEvent.ToolCallDelta.newBuilder().setIndex(more.index()).setArguments(more.json()));
    }

    /** How it ended. */
    AnswerEvent finished(ToldEvent.Ended ended) {
        return AnswerEvent.newBuilder()
                .setFinished(AnswerEvent.Finished.newBuilder()
                        .setFinishReason(ended.ending().name().toLowerCase(Locale.ROOT))
                        .setUsage(usage(ended.completion()))
                        .setProvenance(provenance()))
                .build();
    }

    /** A time. */
    static Timestamp time(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    private static AnswerEvent call(AnswerEvent.ToolCallDelta.Builder call) {
        return AnswerEvent.newBuilder()
                .setDelta(AnswerEvent.Delta.newBuilder().addToolCalls(call))
                .build();
    }

    private static Usage usage(Completion completion) {
        return Usage.newBuilder()
                .setPromptTokens(completion.promptTokens())
                .setCompletionTokens(completion.tokens().size())
                .setCachedTokens(completion.cachedTokens())
                .build();
    }

    private Provenance provenance() {
        var from = told.provenance();
        var proto = Provenance.newBuilder()
                .setCheckpoint(from.checkpoint())
                .setFamiliar(from.familiar())
                .setNeedsHelp(from.needsHelp())
                .addAllRecalled(from.recalled());
        var instance = from.instance();
        if (instance != null) {
            proto.setInstance(instance);
        }
        var confidence = from.confidence();
        if (confidence != null) {
            proto.setConfidence(confidence);
        }
        var episode = from.episode();
        if (episode != null) {
            proto.setEpisode(episode);
        }
        return proto.build();
    }

    private List<TokenLogprob> logprobs(List<SampledToken> tokens) {
        if (!logprobs) {
            return List.of();
        }
        return tokens.stream()
                .map(token -> {
                    var proto = logprob(token.id(), token.logprob());
                    token.top().forEach(other -> proto.addTop(logprob(other.id(), other.logprob())));
                    return proto.build();
                })
                .toList();
    }

    private TokenLogprob.Builder logprob(int id, double logprob) {
        var bytes = ByteString.copyFrom(bytesOf.apply(id));
        return TokenLogprob.newBuilder()
                .setToken(bytes.toStringUtf8())
                .setBytes(bytes)
                .setLogprob(logprob);
    }
}
