package dev.apprentice.client;

import dev.apprentice.client.admin.Event;
import dev.apprentice.client.admin.EventQuery;
import dev.apprentice.client.asking.Answer;
import dev.apprentice.client.asking.AnswerChunk;
import dev.apprentice.client.asking.AskRequest;
import dev.apprentice.client.asking.Message;
import dev.apprentice.client.asking.ToolCall;
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

    /**
     * Begins a client that speaks HTTP with the server at {@code url}, such as {@code http://localhost:8080}.
     *
     * @param url scheme, host and port, such as {@code http://localhost:8080}; {@code https} means TLS
     * @return a builder with defaults
     */
    public static ClientBuilder http(String url) {
        return ClientBuilder.http(URI.create(url));
    }

    /**
     * Begins a client that speaks gRPC with the server at {@code url}; {@code https://} stands for TLS.
     *
     * @param url scheme, host and port, such as {@code http://localhost:8080}; {@code https} means TLS
     * @return a builder with defaults
     */
    public static ClientBuilder grpc(String url) {
        return ClientBuilder.grpc(URI.create(url));
    }

    /**
     * Begins a client over an application's own transport, such as one that plays the server in its tests.
     *
     * @param transport carries the calls; it is closed with the client
     * @return a builder with defaults
     */
    public static ClientBuilder over(Transport transport) {
        return ClientBuilder.over(transport);
    }

    /**
     * Asks, and waits for the whole answer.
     *
     * @param request the question
     * @return the whole answer
     * @throws dev.apprentice.client.error.InvalidRequestException if a field is wrong, which it names
     * @throws dev.apprentice.client.error.NotFoundException if there is no such instance or checkpoint
     * @throws dev.apprentice.client.error.RateLimitedException if the key's limit is spent, or the server is full
     * @throws dev.apprentice.client.error.DeadlineException if the answer is not whole within the time limit
     * @throws dev.apprentice.client.error.ConnectionException if the server cannot be reached, or the connection breaks
     */
    public Answer ask(AskRequest request) {
        return caller.call(Repeat.UNDONE, call -> transport.ask(request, call));
    }

    /**
     * Asks {@code model} what a user says.
     *
     * @param model the instance to ask, {@code instance@checkpoint}, or {@code base}
     * @param text what is said
     * @return the whole answer
     */
    public Answer ask(String model, String text) {
        return ask(AskRequest.of(model, text));
    }

    /**
     * Asks, and reads the answer while it is made. The stream must be closed.
     *
     * @param request the question
     * @return the pieces of the answer, to be read once and closed
     * @throws dev.apprentice.client.error.RefusedException if the server refuses before the first piece; what goes
     *     wrong later is thrown where the pieces are read
     */
    public ClientStream<AnswerChunk> stream(AskRequest request) {
        return new ClientStream<>(caller.call(Repeat.UNDONE, call -> transport.stream(request, call)), executor);
    }

    /**
     * Begins an episode of several questions with an id of its own.
     *
     * @return an episode that has said nothing yet
     */
    public Episode episode() {
        return episode("ep_" + caller.seams().id());
    }

    /**
     * Begins, or goes on with, the episode {@code id}.
     *
     * @param id an episode's id, {@link Episode#id()}
     * @return an episode that has said nothing yet
     */
    public Episode episode(String id) {
        return new Episode(this, id, caller.seams().id());
    }

    /**
     * Says what the right answer in {@code interaction} would have been.
     *
     * @param interaction the id of the answer that it is about, {@link dev.apprentice.client.asking.Answer#id()}
     * @param answer the right answer, word for word
     * @return what says that the server holds the feedback durably
     */
    public Receipt correct(String interaction, String answer) {
        return give(Feedback.correction(interaction, answer).build());
    }

    /**
     * Says which tools should have been called in {@code interaction}, of those that its request offered.
     *
     * @param interaction the id of the answer that it is about, {@link dev.apprentice.client.asking.Answer#id()}
     * @param calls the calls, in order
     * @return what says that the server holds the feedback durably
     */
    public Receipt correct(String interaction, List<ToolCall> calls) {
        return give(Feedback.correction(interaction, calls).build());
    }

    /**
     * Says that the answer in {@code interaction} was good, or bad.
     *
     * @param interaction the id of the answer that it is about, {@link dev.apprentice.client.asking.Answer#id()}
     * @param rating which of both
     * @return what says that the server holds the feedback durably
     */
    public Receipt rate(String interaction, Rating rating) {
        return give(Feedback.rating(interaction, rating).build());
    }

    /**
     * Says how good the answer in {@code interaction} was, 0 to 1.
     *
     * @param interaction the id of the answer that it is about, {@link dev.apprentice.client.asking.Answer#id()}
     * @param reward 0 (bad) to 1 (good)
     * @return what says that the server holds the feedback durably
     */
    public Receipt reward(String interaction, double reward) {
        return give(Feedback.reward(interaction, reward).build());
    }

    /**
     * Says which of two answers is better.
     *
     * @param chosen the better answer
     * @param rejected the worse answer
     * @return what says that the server holds the feedback durably
     */
    public Receipt prefer(Side chosen, Side rejected) {
        return give(Feedback.preference(chosen, rejected).build());
    }

    /**
     * Says in words what is wrong with the answer in {@code interaction}.
     *
     * @param interaction the id of the answer that it is about, {@link dev.apprentice.client.asking.Answer#id()}
     * @param text what is said
     * @return what says that the server holds the feedback durably
     */
    public Receipt critique(String interaction, String text) {
        return give(Feedback.critique(interaction, text).build());
    }

    /**
     * Says how {@code instance} should answer {@code question}, without having asked.
     *
     * @param instance the instance's id
     * @param question what a user would say
     * @param answer the right answer, word for word
     * @return what says that the server holds the feedback durably
     */
    public Receipt teach(String instance, String question, String answer) {
        return give(Feedback.example(instance, List.of(Message.user(question)), answer)
                .build());
    }

    /**
     * Gives feedback. It is durable when this returns, and counts once, however often it had to be sent.
     *
     * @param feedback what to say
     * @return what says that the server holds the feedback durably
     * @throws dev.apprentice.client.error.NotFoundException if the answer, the episode or the instance is not there
     * @throws dev.apprentice.client.error.UnprocessableException if it cannot be learnt from
     */
    public Receipt give(Feedback feedback) {
        return give(feedback, caller.seams().id());
    }

    /**
     * Gives feedback under the application's own key: whatever gives the same again under the same key within 24 hours,
     * after a restart for instance, gets the same lesson.
     *
     * @param feedback what to say
     * @param idempotencyKey a text of the application that names this word of feedback, at most 255 characters
     * @return what says that the server holds the feedback durably
     * @throws dev.apprentice.client.error.UnprocessableException if other feedback was given under this key, or it
     *     cannot be learnt from
     */
    public Receipt give(Feedback feedback, String idempotencyKey) {
        return caller.with(IDEMPOTENCY_KEY, idempotencyKey).call(Repeat.SAFE, call -> transport.give(feedback, call));
    }

    /** {@return what gives access to what instances were taught, with the limits of this client} */
    public Lessons lessons() {
        return new Lessons(transport, caller);
    }

    /** {@return what gives access to the deployed apprentices, with the limits of this client} */
    public Instances instances() {
        return new Instances(transport, caller);
    }

    /**
     * The versions of {@code instance}.
     *
     * @param instance the instance's id
     * @return what gives access to that instance's versions
     */
    public Checkpoints checkpoints(String instance) {
        return new Checkpoints(transport, caller, instance);
    }

    /**
     * Watches what happens, without end and without a time limit: after a cut it connects again and goes on behind the
     * last event that was read. The stream must be closed.
     *
     * @param query which of them
     * @return the events, oldest first, to be read once and closed
     */
    public ClientStream<Event> watch(EventQuery query) {
        var first = caller.call(Repeat.SAFE, call -> transport.events(query, caller.once(Deadline.none())));
        var watch =
                new EventWatch(query, caller, first, later -> transport.events(later, caller.once(Deadline.none())));
        return new ClientStream<>(watch, executor);
    }

    /**
     * What {@link #async} does.
     *
     * @param <T> what comes of it
     */
    @FunctionalInterface
    public interface Work<T> {
        /**
         * Does it with {@code client}.
         *
         * @param client what to do it with
         * @return what comes of it, or null
         * @throws Exception whatever it likes; the future fails with it
         */
        T with(ApprenticeClient client) throws Exception;
    }

    /**
     * Does {@code work}, one call or several, on another thread, in the trace context of this one. Cancelling the
     * future ends the call that is being made.
     *
     * @param <T> what comes of it
     * @param work what to do; its calls run one after another
     * @return a future of what comes of it; it fails with what {@code work} throws
     */
    public <T> CompletableFuture<T> async(Work<T> work) {
        var context = Context.current();
        Callable<T> traced = context.wrap(() -> work.with(this));
        return Async.start(executor, traced::call);
    }

    /**
     * The same with another time limit for each call: all tries, the waits between them and the whole body.
     *
     * @param timeout longer than nothing
     * @return another client over the same connections
     */
    public ApprenticeClient withTimeout(Duration timeout) {
        return with(caller.with(ClientBuilder.positive("timeout", timeout)));
    }

    /**
     * The same with other retries.
     *
     * @param retries how failed calls are tried again
     * @return another client over the same connections
     */
    public ApprenticeClient withRetries(RetryPolicy retries) {
        return with(caller.with(retries));
    }

    /**
     * The same with another key.
     *
     * @param tokens asked before each try
     * @return another client over the same connections
     */
    public ApprenticeClient withToken(TokenProvider tokens) {
        return with(caller.with(tokens));
    }

    /**
     * The same with one more header, over gRPC: one more entry of the metadata.
     *
     * @param name the header's name, in any case
     * @param value the header's value, in ASCII
     * @return another client over the same connections
     */
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
