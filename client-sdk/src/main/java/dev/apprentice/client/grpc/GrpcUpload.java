package dev.apprentice.client.grpc;

import dev.apprentice.client.error.CancelledException;
import dev.apprentice.client.transport.Content;
import dev.apprentice.client.transport.Deadline;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sends content piece by piece, each when the connection has room for it, and waits for the one answer. */
final class GrpcUpload<R, M> {
    private static final int PIECE_BYTES = 64 * 1024;

    private final ClientCall<R, M> call;
    private final Deadline deadline;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable M answer;
    private @Nullable Status end;
    private @Nullable Metadata trailers;

    GrpcUpload(Channel channel, MethodDescriptor<R, M> method, CallOptions options, Deadline deadline) {
        this.call = channel.newCall(method, options);
        this.deadline = deadline;
    }

    /** Sends {@code content}; {@code piece} makes the message of some bytes. Empty content is one empty piece. */
    M send(Content content, Function<byte[], R> piece) throws IOException {
        call.start(new Listener(), new Metadata());
        call.request(2); // one answer, and whatever would be one too many
        try (var in = content.open()) {
            send(in, piece);
            call.halfClose();
            await(() -> end != null);
        } catch (IOException | RuntimeException e) {
            call.cancel("the content could not be sent", e);
            throw e;
        }
        return answer();
    }

    private void send(InputStream in, Function<byte[], R> piece) throws IOException {
        var bytes = in.readNBytes(PIECE_BYTES);
        do {
            await(() -> call.isReady() || end != null);
            if (isOver()) {
                return; // refused before all of it was sent
            }
            call.sendMessage(piece.apply(bytes));
            bytes = in.readNBytes(PIECE_BYTES);
        } while (bytes.length > 0);
    }

    private boolean isOver() {
        lock.lock();
        try {
            return end != null;
        } finally {
            lock.unlock();
        }
    }

    private interface Wish {
        boolean isTrue();
    }

    private void await(Wish wish) {
        lock.lock();
        try {
            while (!wish.isTrue()) {
                changed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted while the content was sent", e);
        } finally {
            lock.unlock();
        }
    }

    private M answer() {
        lock.lock();
        try {
            var said = answer;
            var status = end;
            if (status != null && status.isOk() && said != null) {
                return said;
            }
            throw GrpcErrors.of(status == null || status.isOk() ? Status.UNKNOWN : status, trailers, deadline);
        } finally {
            lock.unlock();
        }
    }

    private final class Listener extends ClientCall.Listener<M> {
        @Override
        public void onReady() {
            change(() -> {});
        }

        @Override
        public void onMessage(M message) {
            change(() -> answer = message);
        }

        @Override
        public void onClose(Status status, Metadata more) {
            change(() -> {
                end = status;
                trailers = more;
            });
        }

        private void change(Runnable what) {
            lock.lock();
            try {
                what.run();
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
