package dev.apprentice.client.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.client.http.SseReader.Sse;
import dev.apprentice.client.transport.Deadline;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Server-sent events, wherever the bytes are cut. */
final class SseReaderTest {
    private static final String TEXT = "\uFEFF" + """
            : hello

            id: 1
            event: lesson
            data: {"a":"ü🙂"}

            data:one\r
            data:  two\rdata\r
            \r
            id: 9

            retry: 5
            what: ever
            data: last

            data: cut off
            """;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 1000})
    void eventsAreTheSameHoweverTheyAreCut(int piece) {
        assertThat(read(TEXT, piece))
                .containsExactly(
                        new Sse("1", "lesson", "{\"a\":\"ü🙂\"}"),
                        new Sse(null, "message", "one\n two\n"),
                        new Sse("9", "message", "last"));
    }

    private static List<Sse> read(String text, int piece) {
        var source = new ByteSource();
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        source.onSubscribe(new Flow.Subscription() {
            private int at;

            @Override
            public void request(long n) {
                if (at >= bytes.length) {
                    source.onComplete();
                } else {
                    int length = Math.min(piece, bytes.length - at);
                    var buffer = ByteBuffer.wrap(bytes, at, length);
                    at += length;
                    source.onNext(List.of(buffer));
                }
            }

            @Override
            public void cancel() {}
        });
        var events = new ArrayList<Sse>();
        var reader = new SseReader(source, 1000);
        for (var next = reader.next(Deadline::none); next != null; next = reader.next(Deadline::none)) {
            events.add(next);
        }
        return events;
    }
}
