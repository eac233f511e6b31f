package dev.apprentice.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every stored type gives, bit for bit, the floats that the gguf package gives (src/test/reference/blocks.py). */
class DequantizerTest {
    private static final int ROWS = 3;
    private static final int WIDTH = 512;

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void givesTheFloatsOfTheReference(Encoding encoding) {
        var expected = ByteBuffer.wrap(resource(encoding + ".f32"))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        var tensor = new MappedTensor(
                "blocks",
                new long[] {ROWS, WIDTH},
                encoding,
                MemorySegment.ofArray(resource(encoding + ".bin")),
                RowOrder.SAME,
                new Blame(encoding + ".bin"));

        var floats = tensor.toFloat32().asFloatBuffer();

        assertThat(floats.remaining()).isEqualTo(ROWS * WIDTH);
        for (int i = 0; i < ROWS * WIDTH; i++) {
            assertThat(floats.get(i)).as("value %s", i).isEqualTo(expected.get(i));
        }
        assertThat(tensor.toFloat32(2, 1).asFloatBuffer()).isEqualTo(expected.slice(2 * WIDTH, WIDTH));
    }

    private static byte[] resource(String name) {
        try (var stream = DequantizerTest.class.getResourceAsStream("/model/blocks/" + name)) {
            assertThat(stream).as(name).isNotNull();
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
