package dev.apprentice.server;

import dev.apprentice.engine.Closing;
import dev.apprentice.engine.Engine;
import dev.apprentice.engine.Seams;
import dev.apprentice.learner.Learner;
import dev.apprentice.learner.LearnerSettings;
import dev.apprentice.server.admin.CheckpointsDoor;
import dev.apprentice.server.admin.EventsDoor;
import dev.apprentice.server.admin.InstancesDoor;
import dev.apprentice.server.admin.KeysDoor;
import dev.apprentice.server.admin.LearningDoor;
import dev.apprentice.server.anthropic.MessagesDoor;
import dev.apprentice.server.asking.Asker;
import dev.apprentice.server.asking.Reception;
import dev.apprentice.server.asking.SamplingFields;
import dev.apprentice.server.grpc.GrpcDoors;
import dev.apprentice.server.http.Gate;
import dev.apprentice.server.http.Presence;
import dev.apprentice.server.http.Routes;
import dev.apprentice.server.openai.ChatDoor;
import dev.apprentice.server.openai.CompletionsDoor;
import dev.apprentice.server.openai.EmbeddingsDoor;
import dev.apprentice.server.openai.LogprobsJson;
import dev.apprentice.server.openai.ModelsDoor;
import dev.apprentice.server.responses.ResponsesDoor;
import dev.apprentice.server.security.Access;
import dev.apprentice.server.security.Guard;
import dev.apprentice.server.security.Journal;
import dev.apprentice.server.security.Keys;
import dev.apprentice.server.teaching.LessonFilesDoor;
import dev.apprentice.server.teaching.LooksDoor;
import dev.apprentice.server.teaching.TeachingDoor;
import dev.apprentice.server.telemetry.Telemetry;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** The whole house: an engine, a learner on it, and the open port. */
public final class Apprentice implements AutoCloseable {
    private final Engine engine;
    private final Learner learner;
    private final Guard guard;
    private final Routes routes;
    private final Listener listener;
    private final Closing house;

    private Apprentice(Engine engine, Learner learner, Guard guard, Routes routes, Listener listener, Closing house) {
        this.engine = engine;
        this.learner = learner;
        this.guard = guard;
        this.routes = routes;
        this.listener = listener;
        this.house = house;
    }

    /**
     * Loads the base from {@code model}, opens the data and listens.
     *
     * @throws dev.apprentice.engine.ConflictException if the port or the data is in use
     * @throws dev.apprentice.engine.BadModelException if the model cannot be loaded
     * @param model where the files of {@code settings.model()} are
     */
    public static Apprentice open(Settings settings, Path model, Seams seams) {
        return open(settings, () -> Engine.open(settings.engine().of(model), seams), seams);
    }

    private static LearnerSettings learning(Settings settings) {
        return LearnerSettings.of(settings.data()).with(settings.learning()).with(settings.rivals());
    }

    /** The same over an engine that {@code opening} opens; {@link #close()} closes it too. */
    public static Apprentice open(Settings settings, Supplier<Engine> opening, Seams seams) {
        Listener.check(settings.listen());
        var keys = Keys.open(settings.data(), seams);
        var journal = new Journal(settings.data(), seams);
        var guard = Guard.of(keys, journal, seams);
        var house = new Closing();
        try {
            var engine = house.add(opening.get());
            var learner = house.add(Learner.open(learning(settings), engine, seams));
            var gate = new Gate();
            var presence = new Presence();
            var telemetry = house.add(new Telemetry(settings.telemetry(), engine, learner));
            telemetry.subscribers(presence::listening);
            var asker = new Asker(
                    learner, engine, seams, telemetry, settings.answers().timeLimit());
            var sampling = new SamplingFields(engine.base().defaults(), seams.seeds());
            var routes = routes(settings, engine, learner, asker, sampling, gate, presence, telemetry, seams);
            var grpc = new GrpcDoors(
                    GrpcDoors.services(
                            learner,
                            asker,
                            sampling,
                            engine,
                            presence,
                            settings.listen().bodyBytesMax(),
                            settings.listen().uploadBytesMax()),
                    guard,
                    gate,
                    telemetry.interceptor());
            new KeysDoor(keys, journal, settings.listen().bodyBytesMax()).routing(routes.needing(Access.SERVER));
            var listener = house.add(Listener.start(
                    settings.listen(), routes, grpc, guard, gate, presence, telemetry.filter(), seams.ids()));
            return new Apprentice(engine, learner, guard, routes, listener, house);
        } catch (RuntimeException | Error e) {
            house.closeAfter(e);
            throw e;
        }
    }

    private static Routes routes(
            Settings settings,
            Engine engine,
            Learner learner,
            Asker asker,
            SamplingFields sampling,
            Gate gate,
            Presence presence,
            Telemetry telemetry,
            Seams seams) {
        var listen = settings.listen();
        var body = listen.bodyBytesMax();
        var routes = new Routes();
        var ask = routes.needing(Access.ASK);
        var teach = routes.needing(Access.TEACH);
        var admin = routes.needing(Access.ADMIN);
        var reception = new Reception(asker, sampling, presence, body, listen.commentEvery());
        var logprobs = new LogprobsJson(engine.tokenizer()::bytes);
        new ChatDoor(reception, logprobs).routing(ask);
        new CompletionsDoor(reception, engine, logprobs).routing(ask);
        new EmbeddingsDoor(learner, engine, presence, body).routing(ask);
        new ResponsesDoor(reception, learner.keepsakes(), logprobs::content, seams.clock()).routing(ask);
        new MessagesDoor(reception).routing(ask);
        new ModelsDoor(learner, seams.clock().instant()).routing(routes.needing(Access.ANY));
        new TeachingDoor(learner.lessons(), body).routing(teach);
        new LooksDoor(learner.values()).routing(teach);
        new LessonFilesDoor(learner.lessons(), body).routing(teach);
        new InstancesDoor(learner.instances(), body).routing(admin);
        new CheckpointsDoor(learner.checkpoints(), body, listen.uploadBytesMax()).routing(admin);
        new LearningDoor(learner, body).routing(admin);
        new EventsDoor(learner.events(), presence, listen.commentEvery()).routing(admin);
        new HealthDoor(gate, () -> learner.ready() ? Optional.empty() : Optional.of(learner.unreadyReason()))
                .routing(routes);
        new OpenApiDoor().routing(routes.needing(Access.ANY));
        telemetry.routing(routes);
        return routes;
    }

    /** The engine, for whoever wants to know what is running. */
    public Engine engine() {
        return engine;
    }

    /** The learner. */
    public Learner learner() {
        return learner;
    }

    /** Who tells who asks. */
    public Guard guard() {
        return guard;
    }

    /** Everything that can be asked for. */
    public Routes routes() {
        return routes;
    }

    /** The port that is open. */
    public int port() {
        return listener.port();
    }

    /** Lets running answers finish within their grace time, then stops learning, writes what is left and closes. */
    @Override
    public void close() {
        house.close();
    }
}
