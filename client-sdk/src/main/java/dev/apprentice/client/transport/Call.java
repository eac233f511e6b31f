package dev.apprentice.client.transport;

import java.util.Map;

/** What belongs to one try of a call beside its content. */
public final class Call {
    private final Deadline deadline;
    private final Map<String, String> headers;

    /**
     * One try.
     *
     * @param deadline when it must be over
     * @param headers HTTP headers or gRPC metadata, names in lower case: authorization, trace context, idempotency key
     */
    public Call(Deadline deadline, Map<String, String> headers) {
        this.deadline = deadline;
        this.headers = Map.copyOf(headers);
    }

    /** {@return when it must be over} */
    public Deadline deadline() {
        return deadline;
    }

    /** {@return HTTP headers or gRPC metadata by their names in lower case} */
    public Map<String, String> headers() {
        return headers;
    }

    /** Without the headers' values: one of them is a key. */
    @Override
    public String toString() {
        return "Call[" + deadline + ", headers=" + headers.keySet() + "]";
    }
}
