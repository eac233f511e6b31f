package dev.apprentice.client.grpc;

import dev.apprentice.client.asking.AnswerChunk;
import dev.apprentice.client.error.ConnectionException;
import dev.apprentice.client.transport.Source;
import org.jspecify.annotations.Nullable;

/** The chunks of one streamed answer. One that ends without saying why was cut off, whatever its status says. */
final class FinishedSource implements Source<AnswerChunk> {
    private final Source<AnswerChunk> chunks;
    private boolean finished;

    FinishedSource(Source<AnswerChunk> chunks) {
        this.chunks = chunks;
    }

    @Override
    public @Nullable AnswerChunk next() {
        var chunk = chunks.next();
        if (chunk == null) {
            if (!finished) {
                throw ConnectionException.broken("the answer was cut off: its stream ended without a finish", null);
            }
        } else {
            finished = finished || chunk.finishReason().isPresent();
        }
        return chunk;
    }

    @Override
    public void close() {
        chunks.close();
    }
}
