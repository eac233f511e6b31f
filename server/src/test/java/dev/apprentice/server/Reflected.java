package dev.apprentice.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a server says of itself by reflection, as grpcurl asks for it.
 *
 * @param version the protocol's: {@code v1} or {@code v1alpha}, which are the same on the wire
 */
record Reflected(Channel channel, String version) {
    /** The names of all services. */
    List<String> services() {
        return ask(ServerReflectionRequest.newBuilder().setListServices("").build())
                .getListServicesResponse()
                .getServiceList()
                .stream()
                .map(ServiceResponse::getName)
                .distinct()
                .toList();
    }

    /** All methods of all services but reflection itself. */
    List<MethodDescriptor> methods() {
        var files = new HashMap<String, FileDescriptor>();
        return services().stream()
                .filter(service -> !service.startsWith("grpc.reflection."))
                .flatMap(service -> {
                    var found = ask(ServerReflectionRequest.newBuilder()
                            .setFileContainingSymbol(service)
                            .build());
                    var described = file(first(found), files)
                            .findServiceByName(service.substring(service.lastIndexOf('.') + 1));
                    return described.getMethods().stream();
                })
                .toList();
    }

    /** The full name of {@code method}, as a call has it. */
    static String path(MethodDescriptor method) {
        return method.getService().getFullName() + "/" + method.getName();
    }

    /** How {@code method} is called with messages that nothing was generated for. */
    static io.grpc.MethodDescriptor<DynamicMessage, DynamicMessage> callable(MethodDescriptor method) {
        return io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
                .setFullMethodName(path(method))
                .setType(type(method))
                .setRequestMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getInputType())))
                .setResponseMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getOutputType())))
                .build();
    }

    private static MethodType type(MethodDescriptor method) {
        if (method.isClientStreaming()) {
            return method.isServerStreaming() ? MethodType.BIDI_STREAMING : MethodType.CLIENT_STREAMING;
        }
        return method.isServerStreaming() ? MethodType.SERVER_STREAMING : MethodType.UNARY;
    }

    private FileDescriptor file(FileDescriptorProto proto, Map<String, FileDescriptor> files) {
        var known = files.get(proto.getName());
        if (known != null) {
            return known;
        }
        var needed = proto.getDependencyList().stream()
                .map(name -> file(
                        first(ask(ServerReflectionRequest.newBuilder()
                                .setFileByFilename(name)
                                .build())),
                        files))
                .toArray(FileDescriptor[]::new);
        try {
            var built = FileDescriptor.buildFrom(proto, needed);
            files.put(proto.getName(), built);
            return built;
        } catch (DescriptorValidationException e) {
            throw new AssertionError(e);
        }
    }

    private static FileDescriptorProto first(ServerReflectionResponse response) {
        try {
            ByteString file = response.getFileDescriptorResponse().getFileDescriptorProto(0);
            return FileDescriptorProto.parseFrom(file);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private ServerReflectionResponse ask(ServerReflectionRequest request) {
        var answered = new CompletableFuture<ServerReflectionResponse>();
        var method = ServerReflectionGrpc.getServerReflectionInfoMethod().toBuilder()
                .setFullMethodName("grpc.reflection." + version + ".ServerReflection/ServerReflectionInfo")
                .build();
        var requests = ClientCalls.asyncBidiStreamingCall(
                channel.newCall(method, CallOptions.DEFAULT), new StreamObserver<ServerReflectionResponse>() {
                    @Override
                    public void onNext(ServerReflectionResponse response) {
                        answered.complete(response);
                    }

                    @Override
                    public void onError(Throwable error) {
                        answered.completeExceptionally(error);
                    }

                    @Override
                    public void onCompleted() {
                        answered.completeExceptionally(new AssertionError("nothing came"));
                    }
                });
        requests.onNext(request);
        requests.onCompleted();
        try {
            return answered.get(30, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(request.toString(), e);
        }
    }
}
