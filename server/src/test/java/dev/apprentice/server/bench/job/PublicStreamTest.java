package dev.apprentice.server.bench.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class PublicStreamTest {
    private static final String PLACE = "package/test/fixtures/";

    @Test
    void labelledSentencesComeInTheOrderOfTheFilesAndWhatHasNoLabelIsLeftOut() throws IOException {
        var archive = archive(Map.of(
                PLACE + "imdb.json",
                "[{\"text\":\"Dull. \",\"class\":0},{\"text\":\"\"}]",
                PLACE + "amazon.json",
                "[{\"text\":\"It fits\",\"class\":1},{\"text\":\"none\"}]",
                PLACE + "yelp.json",
                "[{\"text\":\"Loved it\",\"class\":1},{\"text\":\"Cold\",\"class\":0}]",
                "package/README.md",
                "x".repeat(700)));

        var tasks = PublicStream.read(archive);

        assertThat(tasks).extracting(Task::answer).containsExactly("positive", "negative", "positive", "negative");
        assertThat(tasks.getFirst().question()).endsWith("Loved it");
        assertThat(tasks.getLast().question()).endsWith("Dull.");
        assertThat(tasks.getLast().right("Negative.")).isTrue();
    }

    @Test
    void anArchiveThatLacksAFileIsRefused() throws IOException {
        var archive = archive(Map.of(PLACE + "yelp.json", "[]"));

        assertThatThrownBy(() -> PublicStream.read(archive))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("amazon.json");
    }

    private static byte[] archive(Map<String, String> files) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            for (var file : new LinkedHashMap<>(files).entrySet()) {
                var content = file.getValue().getBytes(StandardCharsets.UTF_8);
                var head = new byte[512];
                put(head, 0, file.getKey());
                put(head, 124, "%011o".formatted(content.length));
                head[156] = '0';
                gzip.write(head);
                gzip.write(content);
                gzip.write(new byte[(512 - content.length % 512) % 512]);
            }
            gzip.write(new byte[1024]);
        }
        return bytes.toByteArray();
    }

    private static void put(byte[] head, int at, String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, head, at, bytes.length);
    }
}
