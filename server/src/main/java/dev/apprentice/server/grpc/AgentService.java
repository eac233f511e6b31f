package dev.apprentice.server.grpc;

import dev.apprentice.client.v1.AgentGrpc;
import dev.apprentice.client.v1.Answer;
import dev.apprentice.client.v1.AnswerEvent;
import dev.apprentice.client.v1.AskRequest;
import dev.apprentice.engine.Engine;
import dev.apprentice.server.asking.Asker;
import dev.apprentice.server.asking.SamplingFields;
import dev.apprentice.server.asking.Told;
import dev.apprentice.server.asking.ToldEvent;
import dev.apprentice.server.http.Fields;
import dev.apprentice.server.openai.ChatRequest;
import dev.apprentice.server.openai.ChatRequestReader;
import io.grpc.stub.StreamObserver;
import java.util.function.IntFunction;

/** Answers, whole and as they are made. */
final class AgentService extends AgentGrpc.AgentImplBase {
    private final Asker asker;
    private final ChatRequestReader reader;
    private final IntFunction<byte[]> bytesOf;

    AgentService(Asker asker, SamplingFields sampling, Engine engine) {
        this.asker = asker;
        this.reader = new ChatRequestReader(sampling);
        this.bytesOf = engine.tokenizer()::bytes;
    }

    @Override
    public void ask(AskRequest request, StreamObserver<Answer> out) {
        var visit = Visit.current();
        var chat = read(request);
        try (var told = begin(chat, visit)) {
            out.onNext(new AnswerProto(told, chat.logprobs(), bytesOf).whole(visit.waiting(told::await)));
            out.onCompleted();
        } catch (InterruptedException e) {
            throw visit.givenUp(e);
        }
    }

    /** Each message waits until HTTP/2's flow control takes it, so a slow reader keeps one answer here and no more. */
    @Override
    public void chat(AskRequest request, StreamObserver<AnswerEvent> out) {
        var visit = Visit.current();
        var chat = read(request);
        try (var told = begin(chat, visit)) {
            var proto = new AnswerProto(told, chat.logprobs(), bytesOf);
            out.onNext(proto.opened());
            var more = true;
            while (more) {
                more = tell(visit.waiting(told::next), proto, out);
            }
            out.onCompleted();
        } catch (InterruptedException e) {
            throw visit.givenUp(e);
        }
    }

    /** Tells {@code event}; false after the last. */
    private static boolean tell(ToldEvent event, AnswerProto proto, StreamObserver<AnswerEvent> out) {
        return switch (event) {
            case ToldEvent.Text more -> {
                if (proto.says(more)) {
                    out.onNext(proto.more(more));
                }
                yield true;
            }
            case ToldEvent.CallBegun begun -> {
                out.onNext(proto.begins(begun));
                yield true;
            }
            case ToldEvent.CallArguments more -> {
                out.onNext(proto.more(more));
                yield true;
            }
            case ToldEvent.Scored _, ToldEvent.CallEnded _ -> true;
            case ToldEvent.Ended ended -> {
                out.onNext(proto.finished(ended));
                yield false;
            }
            case ToldEvent.Failed(var error) -> throw error;
        };
    }

    private ChatRequest read(AskRequest request) {
        return reader.read(Fields.of(AskJson.of(request)), null);
    }

    private Told begin(ChatRequest chat, Visit visit) {
        return asker.ask(chat.asking(), visit.caller()).getFirst();
    }
}
