package dev.apprentice.server.grpc;

import dev.apprentice.client.v1.GiveRequest;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/** The key under which the same feedback is the same lesson: of the call's metadata, or of the request. */
final class Idempotency {
    private Idempotency() {}

    /**
     * The key of {@code request}, null where there is none.
     *
     * @param metadata what the metadata key {@code idempotency-key} says
     * @throws InvalidRequestException if there are two different ones
     */
    static @Nullable String key(GiveRequest request, @Nullable String metadata) {
        var own = request.hasIdempotencyKey() ? request.getIdempotencyKey() : null;
        if (own != null && metadata != null && !own.equals(metadata)) {
            throw new InvalidRequestException(
                    "invalid_value",
                    "idempotency_key and the metadata key idempotency-key are not the same",
                    Fault.of("idempotency_key", "what the metadata says, or nothing", "something else"));
        }
        return own == null ? metadata : own;
    }
}
