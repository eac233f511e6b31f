package dev.apprentice.client.grpc;

import dev.apprentice.client.transport.Call;
import dev.apprentice.client.transport.Content;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Makes one call of any method, with its deadline and what it carries as metadata. */
final class Wiring {
    private final Channel channel;

    Wiring(Channel channel) {
        this.channel = channel;
    }

    <R, M> M unary(MethodDescriptor<R, M> method, R request, Call call) {
        try {
            return ClientCalls.blockingUnaryCall(with(call), method, options(call), request);
        } catch (StatusRuntimeException e) {
            throw GrpcErrors.of(e.getStatus(), e.getTrailers(), call.deadline());
        }
    }

    <R, M, T> GrpcSource<R, M, T> stream(MethodDescriptor<R, M> method, R request, Call call, Function<M, T> read) {
        return new GrpcSource<>(with(call), method, options(call), request, read, call.deadline());
    }

    <R, M> M upload(MethodDescriptor<R, M> method, Content content, Call call, Function<byte[], R> piece)
            throws IOException {
        return new GrpcUpload<>(with(call), method, options(call), call.deadline()).send(content, piece);
    }

    private static CallOptions options(Call call) {
        return CallOptions.DEFAULT.withDeadlineAfter(call.deadline().left().toNanos(), TimeUnit.NANOSECONDS);
    }

    private Channel with(Call call) {
        var metadata = new Metadata();
        call.headers()
                .forEach((name, value) -> metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
    }
}
