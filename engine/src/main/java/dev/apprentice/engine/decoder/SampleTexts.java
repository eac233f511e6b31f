package dev.apprentice.engine.decoder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/**
 * Texts of our own by which kernels are fitted and judged, as token ids; none is in both parts.
 *
 * @param calibration what int8 sees before it is made
 * @param quality on which perplexity is measured
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is, and never compared
public record SampleTexts(List<int[]> calibration, int[] quality) {

    /** The texts through {@code encode}. */
    public static SampleTexts of(Function<String, int[]> encode) {
        return new SampleTexts(
                List.of(encode.apply(text("calibration-chat.txt")), encode.apply(text("calibration-prose.txt"))),
                encode.apply(text("quality.txt")));
    }

    private static String text(String name) {
        try (var in = SampleTexts.class.getResourceAsStream("texts/" + name)) {
            if (in == null) {
                throw new IOException("texts/" + name + " is not beside " + SampleTexts.class.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
