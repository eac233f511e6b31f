package dev.apprentice.server;

import com.google.protobuf.ByteString;
import dev.apprentice.client.v1.AgentGrpc;
import dev.apprentice.client.v1.Answer;
import dev.apprentice.client.v1.AnswerEvent;
import dev.apprentice.client.v1.AskRequest;
import dev.apprentice.client.v1.Message;
import dev.apprentice.client.v1.TokenLogprob;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.atomic.AtomicInteger;

/** An agent without a model, for what happens on the way to it: it says what it is asked to say, in so many events. */
final class StubAgent extends AgentGrpc.AgentImplBase {
    private static final int BYTES = 1000;

    /** How many events have been taken by the transport. */
    final AtomicInteger told = new AtomicInteger();

    /** How many streams have begun. */
    final AtomicInteger begun = new AtomicInteger();

    /** How many streams have ended, however they did. */
    final AtomicInteger ended = new AtomicInteger();

    @Override
    public void ask(AskRequest request, StreamObserver<Answer> out) {
        out.onNext(Answer.newBuilder()
                .setMessage(
                        Message.newBuilder().setContent(request.getMessages(0).getContent()))
                .build());
        out.onCompleted();
    }

    /** {@code max_tokens} events of a thousand bytes. */
    @Override
    public void chat(AskRequest request, StreamObserver<AnswerEvent> out) {
        begun.incrementAndGet();
        try {
            for (var i = 0; i < request.getMaxTokens(); i++) {
                out.onNext(event(i));
                told.incrementAndGet();
            }
            out.onCompleted();
        } finally {
            ended.incrementAndGet();
        }
    }

    /** The number that {@code event} was told under. */
    static int number(AnswerEvent event) {
        return Integer.parseInt(event.getDelta().getContent());
    }

    private static AnswerEvent event(int number) {
        return AnswerEvent.newBuilder()
                .setDelta(AnswerEvent.Delta.newBuilder()
                        .setContent(Integer.toString(number))
                        .addLogprobs(TokenLogprob.newBuilder().setBytes(ByteString.copyFrom(new byte[BYTES]))))
                .build();
    }
}
