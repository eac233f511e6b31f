package dev.apprentice.client.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.admin.Checkpoint;
import dev.apprentice.client.admin.CheckpointState;
import dev.apprentice.client.admin.Event;
import dev.apprentice.client.admin.EventQuery;
import dev.apprentice.client.admin.Instance;
import dev.apprentice.client.admin.InstanceDraft;
import dev.apprentice.client.admin.InstancePatch;
import dev.apprentice.client.admin.Report;
import dev.apprentice.client.asking.Answer;
import dev.apprentice.client.asking.AnswerChunk;
import dev.apprentice.client.asking.AskRequest;
import dev.apprentice.client.error.ProtocolException;
import dev.apprentice.client.teaching.Feedback;
import dev.apprentice.client.teaching.Imported;
import dev.apprentice.client.teaching.Lesson;
import dev.apprentice.client.teaching.LessonQuery;
import dev.apprentice.client.teaching.Receipt;
import dev.apprentice.client.teaching.Withdrawal;
import dev.apprentice.client.teaching.Withdrawn;
import dev.apprentice.client.transport.Call;
import dev.apprentice.client.transport.Content;
import dev.apprentice.client.transport.Deadline;
import dev.apprentice.client.transport.Source;
import dev.apprentice.client.transport.Transport;
import dev.apprentice.client.value.Page;
import dev.apprentice.client.value.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The operations over HTTP. */
public final class HttpTransport implements Transport {
    private static final String JSON = "application/json";
    private static final String EVENTS = "text/event-stream";
    private static final String JSONL = "application/jsonl";
    private static final String ZIP = "application/zip";

    private final Exchange exchange;
    private final Refusals refusals;
    private final int bodyBytesMax;
    private final Duration silenceMax;

    /**
     * Speaks to the server at {@code base}.
     *
     * @param http makes the connections; it should speak HTTP/1.1
     * @param base scheme, host and port
     * @param bodyBytesMax the longest JSON body or event that is held in memory
     * @param silenceMax how long a watch waits for a sign of life
     * @param clock what HTTP dates are compared with
     */
    public HttpTransport(HttpClient http, URI base, int bodyBytesMax, Duration silenceMax, InstantSource clock) {
        this.refusals = new Refusals(clock);
        this.exchange = new Exchange(http, base, refusals);
        this.bodyBytesMax = bodyBytesMax;
        this.silenceMax = silenceMax;
    }

    @Override
    public Answer ask(AskRequest request, Call call) {
        return Answer.of(json("POST", "/v1/chat/completions", Exchange.json(request.json()), call));
    }

    @Override
    public Source<AnswerChunk> stream(AskRequest request, Call call) {
        var body = request.json().put("stream", true);
        body.withObjectProperty("stream_options").put("include_usage", true);
        var reply = exchange.send(
                exchange.request("/v1/chat/completions", EVENTS)
                        .header("Content-Type", JSON)
                        .POST(Exchange.json(body)),
                call);
        return new AnswerSource(events(reply), call.deadline(), refusals);
    }

    @Override
    public Receipt give(Feedback feedback, Call call) {
        return Receipt.of(json("POST", "/v1/feedback", Exchange.json(feedback.json()), call));
    }

    @Override
    public Page<Lesson> lessons(LessonQuery query, Call call) {
        var fields = query.json();
        var path = Paths.query(
                Paths.of("lessons"),
                "instance",
                text(fields, "instance"),
                "state",
                text(fields, "state"),
                "by",
                text(fields, "by"),
                "limit",
                text(fields, "limit"),
                "after",
                text(fields, "after"));
        return page(get(path, call), Lesson::of);
    }

    @Override
    public Lesson lesson(String id, Call call) {
        return Lesson.of(get(Paths.of("lessons", id), call));
    }

    @Override
    public Lesson pin(String id, boolean pinned, Call call) {
        var body = Exchange.json(Wire.object().put("pinned", pinned));
        return Lesson.of(json("PATCH", Paths.of("lessons", id), body, call));
    }

    @Override
    public Lesson withdraw(String id, Call call) {
        return Lesson.of(json("DELETE", Paths.of("lessons", id), BodyPublishers.noBody(), call));
    }

    @Override
    public Lesson release(String id, Call call) {
        var body = Exchange.json(Wire.object().put("held", false));
        return Lesson.of(json("PATCH", Paths.of("lessons", id), body, call));
    }

    @Override
    public Withdrawn withdrawAll(Withdrawal which, Call call) {
        return Withdrawn.of(json("POST", "/v1/lessons:withdraw", Exchange.json(which.json()), call));
    }

    @Override
    public Imported importLessons(String instance, Content lines, Call call) throws IOException {
        var path = Paths.query("/v1/lessons:import", "instance", instance);
        return Imported.of(send(path, JSONL, lines, call));
    }

    @Override
    public void exportLessons(String instance, OutputStream out, Call call) throws IOException {
        receive(Paths.query("/v1/lessons:export", "instance", instance), JSONL, out, call);
    }

    @Override
    public Instance create(InstanceDraft draft, Call call) {
        return Instance.of(json("POST", Paths.of("instances"), Exchange.json(draft.json()), call));
    }

    @Override
    public Page<Instance> instances(@Nullable String after, Call call) {
        return page(get(Paths.query(Paths.of("instances"), "after", after), call), Instance::of);
    }

    @Override
    public Instance instance(String id, Call call) {
        return Instance.of(get(Paths.of("instances", id), call));
    }

    @Override
    public Instance update(String id, InstancePatch patch, Call call) {
        return Instance.of(json("PATCH", Paths.of("instances", id), Exchange.json(patch.json()), call));
    }

    @Override
    public void delete(String id, Call call) {
        exchange.send(exchange.request(Paths.of("instances", id), JSON).DELETE(), call)
                .close();
    }

    @Override
    public Instance freeze(String id, boolean frozen, Call call) {
        return Instance.of(post(Paths.of("instances", id, frozen ? "freeze" : "unfreeze"), call));
    }

    @Override
    public void study(String id, Call call) {
        post(Paths.of("instances", id, "study"), call);
    }

    @Override
    public Report report(String id, Call call) {
        return Report.of(get(Paths.of("instances", id, "report"), call));
    }

    @Override
    public Page<Checkpoint> checkpoints(String instance, @Nullable String after, Call call) {
        return page(
                get(Paths.query(Paths.of("instances", instance, "checkpoints"), "after", after), call), Checkpoint::of);
    }

    @Override
    public Checkpoint checkpoint(String instance, int number, Call call) {
        return Checkpoint.of(get(checkpointPath(instance, number), call));
    }

    @Override
    public Checkpoint promote(String instance, String which, boolean force, CheckpointState as, Call call) {
        var path = Paths.of("instances", instance, "checkpoints", which, "promote");
        var body = Wire.object().put("force", force).put("as", as.value());
        return Checkpoint.of(json("POST", path, Exchange.json(body), call));
    }

    @Override
    public Checkpoint withdraw(String instance, int number, Call call) {
        return Checkpoint.of(post(checkpointPath(instance, number) + "/withdraw", call));
    }

    @Override
    public Checkpoint rollback(String instance, Call call) {
        return Checkpoint.of(post(Paths.of("instances", instance, "rollback"), call));
    }

    @Override
    public Checkpoint upload(String instance, Content zip, Call call) throws IOException {
        return Checkpoint.of(send(Paths.of("instances", instance, "checkpoints"), ZIP, zip, call));
    }

    @Override
    public void download(String instance, int number, OutputStream out, Call call) throws IOException {
        receive(checkpointPath(instance, number) + "/adapter", ZIP, out, call);
    }

    @Override
    public Source<Event> events(EventQuery query, Call call) {
        var request = exchange.request("/v1/events", EVENTS).GET();
        query.after().ifPresent(sequence -> request.header("Last-Event-ID", Long.toString(sequence)));
        return new EventSource(events(exchange.send(request, call, Deadline.in(silenceMax))), query, silenceMax);
    }

    /** Connections end when nobody uses the {@code HttpClient} any more. */
    @Override
    public void close() {}

    private static String checkpointPath(String instance, int number) {
        return Paths.of("instances", instance, "checkpoints", Integer.toString(number));
    }

    private static @Nullable String text(ObjectNode fields, String name) {
        return fields.has(name) ? fields.get(name).asText() : null;
    }

    private ObjectNode get(String path, Call call) {
        return json(exchange.request(path, JSON).GET(), call);
    }

    private ObjectNode post(String path, Call call) {
        return json(exchange.request(path, JSON).POST(BodyPublishers.noBody()), call);
    }

    private ObjectNode json(String method, String path, BodyPublisher body, Call call) {
        var request = exchange.request(path, JSON).method(method, body);
        return json(body.contentLength() == 0 ? request : request.header("Content-Type", JSON), call);
    }

    private ObjectNode json(HttpRequest.Builder request, Call call) {
        try (var reply = exchange.send(request, call)) {
            return reply.json(bodyBytesMax);
        }
    }

    private ObjectNode send(String path, String type, Content content, Call call) throws IOException {
        content.open().close(); // what cannot be read fails here, as what it is
        return json(
                exchange.request(path, JSON)
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofInputStream(() -> open(content))),
                call);
    }

    private static InputStream open(Content content) {
        try {
            return content.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void receive(String path, String type, OutputStream out, Call call) throws IOException {
        try (var reply = exchange.send(exchange.request(path, type).GET(), call)) {
            reply.expect(type);
            reply.to(out);
        }
    }

    private SseReader events(Reply reply) {
        try {
            reply.expect(EVENTS);
        } catch (ProtocolException e) {
            reply.close();
            throw e;
        }
        return new SseReader(reply.body(), bodyBytesMax);
    }

    private static <T> Page<T> page(ObjectNode json, Function<ObjectNode, T> of) {
        var list = new ArrayList<T>();
        for (var element : json.path("data")) {
            if (!(element instanceof ObjectNode object)) {
                throw new ProtocolException("expected objects in a list");
            }
            list.add(of.apply(object));
        }
        var next = json.path("next");
        return new Page<>(list, next.isTextual() ? next.textValue() : null);
    }
}
