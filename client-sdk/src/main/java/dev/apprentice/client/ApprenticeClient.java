package dev.apprentice.client;

import dev.apprentice.client.admin.Event;
import dev.apprentice.client.admin.EventQuery;
import dev.apprentice.client.asking.Answer;
import dev.apprentice.client.asking.AnswerChunk;
import dev.apprentice.client.asking.AskRequest;
import dev.apprentice.client.asking.Message;
import dev.apprentice.client.teaching.Feedback;
import dev.apprentice.client.teaching.Rating;
import dev.apprentice.client.teaching.Receipt;
import dev.apprentice.client.teaching.Side;
import dev.apprentice.client.transport.Deadline;
import dev.apprentice.client.transport.Transport;
import io.opentelemetry.context.Context;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;

/**
 * An Apprentice server, as an application sees it.
 *
 * <pre>{@code
 * try (var client = ApprenticeClient.http("http://localhost:8080").build()) {
 *     var answer = client.ask("support", "Which desk handles refunds?");
 *     client.correct(answer.id(), "Desk Heron");
 * }
 * }</pre>
 *
 * <p>Methods block until the answer is here and throw a subclass of
 * {@link dev.apprentice.client.error.ApprenticeException} where it is not; {@link #async} makes a
 * {@link CompletableFuture} of any of them. Immutable and thread-safe; {@link #withTimeout} and its kin make another
 * client over the same connections.
 */
public final class ApprenticeClient implements AutoCloseable {
    static final String IDEMPOTENCY_KEY = "idempotency-key";

    private final Transport transport;
    private final Caller caller;
    private final ExecutorService executor;
    private final Runnable closing;

    ApprenticeClient(Transport transport, Caller caller, ExecutorService executor, Runnable closing) {
        this.transport = transport;
        this.caller = caller;
        this.executor = executor;
        this.closing = closing;
    }

    /** Begins a client that speaks HTTP with the server at {@code url}, such as {@code http://localhost:8080}. */
    public static ClientBuilder http(String url) {
        return ClientBuilder.http(URI.create(url));
    }

    /** Begins a client that speaks gRPC with the server at {@code url}; {@code https://} stands for TLS. */
    public static ClientBuilder grpc(String url) {
        return ClientBuilder.grpc(URI.create(url));
    }

    /** Begins a client over an application's own transport, such as one that plays the server in its tests. */
    public static ClientBuilder over(Transport transport) {
        return ClientBuilder.over(transport);
    }

    /** Asks, and waits for the whole answer. */
    public Answer ask(AskRequest request) {
        return caller.call(Repeat.UNDONE, call -> transport.ask(request, call));
    }

    /** Asks {@code model} what a user says. */
    public Answer ask(String model, String text) {
        return ask(AskRequest.of(model, text));
    }

    /** Asks, and reads the answer while it is made. The stream must be closed. */
    public ClientStream<AnswerChunk> stream(AskRequest request) {
        return new ClientStream<>(caller.call(Repeat.UNDONE, call -> transport.stream(request, call)), executor);
    }

    /** Begins an episode of several questions with an id of its own. */
    public Episode episode() {
        return episode("ep_" + caller.seams().id());
    }

    /** Begins, or goes on with, the episode {@code id}. */
    public Episode episode(String id) {
        return new Episode(this, id, caller.seams().id());
    }

    /** Says what the right answer in {@code interaction} would have been. */
    public Receipt correct(String interaction, String answer) {
        return give(Feedback.correction(interaction, answer).build());
    }

    /** Says that the answer in {@code interaction} was good, or bad. */
    public Receipt rate(String interaction, Rating rating) {
        return give(Feedback.rating(interaction, rating).build());
    }

    /** Says how good the answer in {@code interaction} was, 0 to 1. */
    public Receipt reward(String interaction, double reward) {
        return give(Feedback.reward(interaction, reward).build());
    }

    /** Says which of two answers is better. */
    public Receipt prefer(Side chosen, Side rejected) {
        return give(Feedback.preference(chosen, rejected).build());
    }

    /** Says in words what is wrong with the answer in {@code interaction}. */
    public Receipt critique(String interaction, String text) {
        return give(Feedback.critique(interaction, text).build());
    }

    /** Says how {@code instance} should answer {@code question}, without having asked. */
    public Receipt teach(String instance, String question, String answer) {
        return give(Feedback.example(instance, List.of(Message.user(question)), answer)
                .build());
    }

    /** Gives feedback. It is durable when this returns, and counts once, however often it had to be sent. */
    public Receipt give(Feedback feedback) {
        return give(feedback, caller.seams().id());
    }

    /**
     * Gives feedback under the application's own key: whatever gives the same again under the same key within 24 hours,
     * after a restart for instance, gets the same lesson.
     */
    public Receipt give(Feedback feedback, String idempotencyKey) {
        return caller.with(IDEMPOTENCY_KEY, idempotencyKey).call(Repeat.SAFE, call -> transport.give(feedback, call));
    }

    /** What instances were taught. */
    public Lessons lessons() {
        return new Lessons(transport, caller);
    }

    /** The deployed apprentices. */
    public Instances instances() {
        return new Instances(transport, caller);
    }

    /** The versions of {@code instance}. */
    public Checkpoints checkpoints(String instance) {
        return new Checkpoints(transport, caller, instance);
    }

    /**
     * Watches what happens, without end and without a time limit: after a cut it connects again and goes on behind the
     * last event that was read. The stream must be closed.
     */
    public ClientStream<Event> watch(EventQuery query) {
        var first = caller.call(Repeat.SAFE, call -> transport.events(query, caller.once(Deadline.none())));
        var watch =
                new EventWatch(query, caller, first, later -> transport.events(later, caller.once(Deadline.none())));
        return new ClientStream<>(watch, executor);
    }

    /** What {@link #async} does. */
    @FunctionalInterface
    public interface Work<T> {
        /** Does it with {@code client}. */
        T with(ApprenticeClient client) throws Exception;
    }

    /**
     * Does {@code work}, one call or several, on another thread, in the trace context of this one. Cancelling the
     * future ends the call that is being made.
     */
    public <T> CompletableFuture<T> async(Work<T> work) {
        var context = Context.current();
        Callable<T> traced = context.wrap(() -> work.with(this));
        return Async.start(executor, traced::call);
    }

    /** The same with another time limit for each call: all tries, the waits between them and the whole body. */
    public ApprenticeClient withTimeout(Duration timeout) {
        return with(caller.with(ClientBuilder.positive("timeout", timeout)));
    }

    /** The same with other retries. */
    public ApprenticeClient withRetries(RetryPolicy retries) {
        return with(caller.with(retries));
    }

    /** The same with another key. */
    public ApprenticeClient withToken(TokenProvider tokens) {
        return with(caller.with(tokens));
    }

    /** The same with one more header, over gRPC: one more entry of the metadata. */
    public ApprenticeClient withHeader(String name, String value) {
        return with(caller.with(name, value));
    }

    private ApprenticeClient with(Caller other) {
        return new ApprenticeClient(transport, other, executor, () -> {});
    }

    /** Ends the connections; of a client made by {@link #withTimeout} and its kin it does nothing. */
    @Override
    public void close() {
        closing.run();
    }
}
