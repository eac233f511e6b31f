package dev.apprentice.learner.recall;

import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.Same;
import dev.apprentice.learner.lesson.Wording;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;

/**
 * How an {@link Entry} lies in the index. States are kept as 16-bit floats, one block a layer; so that an entry is the
 * same before and after it was written, {@link #rounded} makes them so from the start.
 */
final class EntryForm {
    /** Lucene takes 32,766 bytes a value; a request of more different words than fit is found by those that do. */
    private static final int WORDS_BYTES = 24_000;

    /** A longer answer is known by its digest. */
    private static final int ANSWER_LETTERS = 64;

    private EntryForm() {}

    /** {@code state} as it will be read again, [layers, hidden]. */
    static float[][] rounded(float[][] state) {
        var rounded = new float[state.length][];
        for (int l = 0; l < state.length; l++) {
            rounded[l] = new float[state[l].length];
            for (int h = 0; h < state[l].length; h++) {
                rounded[l][h] = Float.float16ToFloat(Float.floatToFloat16(state[l][h]));
            }
        }
        return rounded;
    }

    /** Equal for lessons that answer the same. */
    static String answer(Lesson lesson) {
        var plain = Wording.plain(lesson.answer());
        return plain.length() <= ANSWER_LETTERS ? plain : Same.digest(plain);
    }

    /** The first of {@code words} in their own order, as many as fit. */
    static Set<String> kept(Set<String> words) {
        int bytes = 0;
        var kept = new TreeSet<String>();
        for (var word : new TreeSet<>(words)) {
            bytes += word.getBytes(StandardCharsets.UTF_8).length + 1;
            if (bytes > WORDS_BYTES) {
                break;
            }
            kept.add(word);
        }
        return kept;
    }

    static byte[] layer(float[] layer) {
        var buffer = ByteBuffer.allocate(layer.length * Short.BYTES);
        for (float value : layer) {
            buffer.putShort(Float.floatToFloat16(value));
        }
        return buffer.array();
    }

    static float[] layer(byte[] bytes, int offset, int length) {
        var buffer = ByteBuffer.wrap(bytes, offset, length);
        var layer = new float[length / Short.BYTES];
        for (int h = 0; h < layer.length; h++) {
            layer[h] = Float.float16ToFloat(buffer.getShort());
        }
        return layer;
    }

    /** All but the states: id, answer and words, none of which has a line feed in it. */
    static byte[] text(Entry entry) {
        return (entry.id() + "\n" + entry.answer() + "\n"
                        + String.join(" ", entry.question().words()))
                .getBytes(StandardCharsets.UTF_8);
    }

    static Entry entry(long sequence, byte[] bytes, int offset, int length, float[][] state) {
        var parts = new String(bytes, offset, length, StandardCharsets.UTF_8).split("\n", -1);
        var words = parts[2].isEmpty() ? Set.<String>of() : Set.of(parts[2].split(" ", -1));
        return new Entry(sequence, parts[0], parts[1], new Question(state, words));
    }
}
