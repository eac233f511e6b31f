package dev.apprentice.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.BadModelException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are cut or changed at random open or are refused: no other error, no crash, little memory. */
class DamagedFilesTest {
    /** Enough for every kind of damage to meet every part; a nightly run asks for more. */
    private static final int ROUNDS = Integer.getInteger("apprentice.test.rounds", 400);

    /** What opening may allocate; the undamaged files take well under a megabyte. */
    private static final long BYTES_MAX = 16L << 20;

    private final Random random = new Random(7);

    @TempDir
    Path dir;

    @Test
    void gguf() throws IOException {
        var bytes = new GgufBytes().bytes();
        // the header, where all the structure is, ends where 11 tensors of whole 32-byte units begin
        int header = bytes.length
                - new GgufBytes()
                        .tensors.values().stream()
                                .mapToInt(t -> t.data().length)
                                .sum();
        int refusals = 0;
        for (int round = 0; round < ROUNDS; round++) {
            var file = dir.resolve("tiny.gguf");
            Files.write(file, damaged(bytes, header, round));
            refusals += opens(file);
        }
        assertThat(refusals).isGreaterThan(ROUNDS / 2);
    }

    @Test
    void safetensors() throws IOException {
        var folder = new TinyFolder(dir.resolve("tiny"));
        var bytes = SafetensorsBytes.of(folder.tensors);
        int header =
                8 + (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        folder.write();
        int refusals = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Files.write(dir.resolve("tiny/model.safetensors"), damaged(bytes, header, round));
            refusals += opens(dir.resolve("tiny"));
        }
        assertThat(refusals).isGreaterThan(ROUNDS / 2);
    }

    @Test
    void smallFilesOfAFolder() throws IOException {
        var folder = new TinyFolder(dir.resolve("tiny"));
        folder.file(
                "tokenizer_config.json",
                "{\"eos_token\":{\"content\":\"</s>\"},\"chat_template\":[{\"name\":\"default\",\"template\":\"x\"}]}");
        folder.file("generation_config.json", "{\"eos_token_id\":[1,2],\"temperature\":0.6,\"top_k\":20}");
        folder.file("chat_template.jinja", "{{ messages }}");
        folder.write();
        int refusals = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (var name : new String[] {
                "config.json",
                "tokenizer.json",
                "tokenizer_config.json",
                "generation_config.json",
                "chat_template.jinja"
            }) {
                var original = folder.files.get(name);
                if (original != null && random.nextInt(5) == 0) {
                    var file = dir.resolve("tiny").resolve(name);
                    Files.write(file, damaged(original, original.length, round));
                    refusals += opens(dir.resolve("tiny"));
                    Files.write(file, original);
                }
            }
        }
        assertThat(refusals).isGreaterThan(ROUNDS / 4);
    }

    /** A cut, some flipped bits, or a number overwritten, mostly in the first {@code header} bytes. */
    private byte[] damaged(byte[] bytes, int header, int round) {
        var damaged = bytes.clone();
        switch (round % 4) {
            case 0 -> damaged = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> damaged[random.nextInt(header)] = (byte) random.nextInt(256);
            case 2 -> {
                for (int flips = random.nextInt(1, 6); flips > 0; flips--) {
                    damaged[random.nextInt(header)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            default -> {
                long[] numbers = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 62, 1L << 32, Integer.MAX_VALUE, 1 << 20, 0
                };
                ByteBuffer.wrap(damaged)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(random.nextInt(Math.max(1, header - 8)), numbers[random.nextInt(numbers.length)]);
            }
        }
        return damaged;
    }

    /** 1 if the model is refused, 0 if it opens and all its tensors can be read or name what is wrong. */
    private static int opens(Path model) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        try (var opened = BaseModel.open(model)) {
            for (var name : opened.tensorNames()) {
                readOrNamed(opened, name);
            }
            return 0;
        } catch (ApprenticeException e) {
            assertThat(e).isInstanceOf(BadModelException.class);
            assertThat(e.field()).isNotNull();
            return 1;
        } finally {
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(BYTES_MAX);
        }
    }

    private static void readOrNamed(BaseModel model, String tensor) {
        try {
            assertThat(model.tensor(tensor).toFloat32().capacity()).isPositive();
        } catch (BadModelException e) {
            assertThat(e.code()).isEqualTo("model_not_finite");
            assertThat(e.field()).isEqualTo(tensor);
        }
    }
}
