package dev.apprentice.server.grpc;

import com.google.protobuf.ByteString;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.TooLargeException;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.util.function.Function;

/**
 * The parts of one file, kept until the last has come.
 *
 * @param <P> a part; the first names the instance
 */
abstract class Parts<P> implements StreamObserver<P> {
    private final int bytesMax;
    private final Function<P, String> instanceOf;
    private final Function<P, ByteString> dataOf;
    private final ByteArrayOutputStream file = new ByteArrayOutputStream();
    private String instance = "";

    Parts(int bytesMax, Function<P, String> instanceOf, Function<P, ByteString> dataOf) {
        this.bytesMax = bytesMax;
        this.instanceOf = instanceOf;
        this.dataOf = dataOf;
    }

    /** Called once, with the whole file. */
    abstract void whole(String instance, byte[] file);

    @Override
    public final void onNext(P part) {
        if (instance.isEmpty()) {
            instance = instanceOf.apply(part);
        }
        var data = dataOf.apply(part);
        if (file.size() + (long) data.size() > bytesMax) {
            var expected = "at most " + bytesMax + " bytes";
            throw new TooLargeException(
                    "body_too_large", "the file must have " + expected, Fault.of("data", expected, "more"));
        }
        file.writeBytes(data.toByteArray());
    }

    @Override
    public final void onError(Throwable error) {
        file.reset(); // the client has gone, and nothing was made yet
    }

    @Override
    public final void onCompleted() {
        whole(instance, file.toByteArray());
    }
}
