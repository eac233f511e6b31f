package dev.apprentice.server.grpc;

import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.spi.ServerConnection;
import java.time.Duration;

/** A connection that tells when it has ended. */
record GrpcConnection(ServerConnection inner, Runnable ended) implements ServerConnection, InterruptableTask<Void> {
    @Override
    public void handle(Limit limit) throws InterruptedException {
        try {
            inner.handle(limit);
        } catch (IllegalStateException e) {
            if (e.getCause() instanceof InterruptedException) { // by a stream that could not write: the client has gone
                throw new CloseConnectionException("the client has gone", e);
            }
            throw e;
        } finally {
            ended.run();
        }
    }

    @Override
    public Duration idleTime() {
        return inner.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
        inner.close(interrupt);
    }

    @Override
    public boolean canInterrupt() {
        return inner instanceof InterruptableTask<?> task && task.canInterrupt();
    }
}
