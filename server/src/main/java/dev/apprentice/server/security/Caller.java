package dev.apprentice.server.security;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.NotFoundException;
import io.helidon.webserver.http.ServerRequest;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who asks. {@link Guard} makes it; doors and everything behind them take it from there.
 *
 * @param name who teaches, where feedback does not say it
 * @param keyScope within what idempotency keys are unique: the key's id, or {@code local}
 * @param scopes what the key is good for
 * @param instances the only ones that exist for this caller ({@code base} is one of them if named), or null for all
 * @param meter where the tokens of his answers are counted
 */
public record Caller(
        String name,
        String keyScope,
        Set<Scope> scopes,
        @Nullable Set<String> instances,
        Meter meter) {

    /** Everybody, where there are no keys. */
    public static final Caller LOCAL = new Caller("local", "local", EnumSet.allOf(Scope.class), null, Meter.FREE);

    public Caller {
        scopes = Set.copyOf(scopes);
        instances = instances == null ? null : Set.copyOf(instances);
    }

    /** Who sent {@code request}, which has passed the guard. */
    public static Caller of(ServerRequest request) {
        return request.context()
                .get(Caller.class)
                .orElseThrow(() -> new AssertionError("a request has come past the guard"));
    }

    /** Lets {@link #of} find this caller. */
    public void into(ServerRequest request) {
        request.context().register(this);
    }

    /** Whether {@code instance} exists for this caller; lists show no other. */
    public boolean sees(@Nullable String instance) {
        return instances == null || (instance != null && instances.contains(instance));
    }

    /**
     * Lets a caller go on who may use {@code instance}.
     *
     * @throws NotFoundException as if it did not exist, so that nobody learns which others there are
     */
    public void mayUse(String instance) {
        if (!sees(instance)) {
            throw new NotFoundException(
                    "instance_not_found",
                    "there is no instance '" + instance + "'",
                    Fault.of("instance", "an existing instance's id", instance));
        }
    }

    /**
     * Lets a caller go on who may ask {@code model}: an instance, one at a checkpoint, or {@code base}.
     *
     * @throws NotFoundException as if there were no such model
     */
    public void mayAsk(String model) {
        var at = model.indexOf('@');
        if (!sees(at < 0 ? model : model.substring(0, at))) {
            throw new NotFoundException(
                    "model_not_found",
                    "there is no model '" + model + "'",
                    Fault.of("model", "an instance's id, that with @ and a checkpoint's number, or base", model));
        }
    }
}
