package dev.apprentice.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.UnprocessableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An uploaded zip can't write anywhere, can't fill the memory, and can't make anything but an adapter. */
class PeftZipTest {
    private static final ModelConfig BASE = new ModelConfig(
            Family.LLAMA,
            2,
            8,
            2,
            1,
            4,
            6,
            12,
            64,
            1e-5,
            new Rope(new float[] {1, 0.01f}, 1),
            true,
            false,
            false,
            false,
            false);
    private static final LoraAdapter ADAPTER = new LoraAdapter(
            Map.of("model.layers.1.self_attn.v_proj", new LoraModule(new float[16], new float[8], 2, 8, 4, 2)));

    private final Map<String, byte[]> files = new LinkedHashMap<>(unzipped(PeftFolder.zip(ADAPTER, "tiny")));

    @Test
    void readsTheFilesInAFolderBesideOthers() {
        var moved = new LinkedHashMap<String, byte[]>();
        moved.put("mine/", new byte[0]);
        files.forEach((name, bytes) -> moved.put("mine/" + name, bytes));
        moved.put("mine/README.md", new byte[100]);

        assertThat(PeftFolder.digest(PeftFolder.readZip(zipped(moved), BASE))).isEqualTo(PeftFolder.digest(ADAPTER));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../adapter_config.json", "/adapter_config.json", "a\\adapter_config.json", "a/../b", "\u0000"})
    void refusesPathsThatLead(String name) {
        files.put(name, new byte[1]);

        refused(zipped(files), "plain entry names");
    }

    @Test
    void refusesMoreThanAnAdapterCanHold() {
        files.put("README.md", new byte[8 << 20]);

        refused(zipped(files), "bytes unpacked");
    }

    @Test
    void refusesManyEntries() {
        for (int i = 0; i < 100; i++) {
            files.put("file" + i, new byte[0]);
        }

        refused(zipped(files), "at most 64 entries");
    }

    @Test
    void refusesAFileTwice() {
        files.put("mine/adapter_config.json", new byte[1]);

        refused(zipped(files), "twice");
    }

    @Test
    void namesTheFileThatIsMissing() {
        files.remove("adapter_model.safetensors");

        refused(zipped(files), "adapter_model.safetensors");
    }

    @Test
    void refusesWhatIsNoZip() {
        refused("hello, world, this is no zip".getBytes(java.nio.charset.StandardCharsets.US_ASCII), "zip");
        refused(new byte[0], "zip");
    }

    /** Cut and flipped at random: an adapter, or a refusal; never another error. */
    @Test
    void survivesDamage() {
        var zip = zipped(files);
        var random = new Random(1);
        int refusals = 0;
        for (int round = 0; round < 2_000; round++) {
            var damaged = Arrays.copyOf(zip, round % 2 == 0 ? zip.length : random.nextInt(zip.length));
            for (int flips = random.nextInt(1, 5); flips > 0 && damaged.length > 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                assertThat(PeftFolder.readZip(damaged, BASE).modules()).isNotEmpty();
            } catch (UnprocessableException e) {
                assertThat(e.code()).isEqualTo("adapter_mismatch");
                refusals++;
            }
        }
        assertThat(refusals).isGreaterThan(1_000);
    }

    private static void refused(byte[] zip, String complaint) {
        assertThatThrownBy(() -> PeftFolder.readZip(zip, BASE))
                .isInstanceOfSatisfying(
                        UnprocessableException.class, e -> assertThat(e.code()).isEqualTo("adapter_mismatch"))
                .hasMessageContaining(complaint);
    }

    private static Map<String, byte[]> unzipped(byte[] zip) {
        var files = new LinkedHashMap<String, byte[]>();
        try (var input = new ZipInputStream(new java.io.ByteArrayInputStream(zip))) {
            for (var entry = input.getNextEntry(); entry != null; entry = input.getNextEntry()) {
                files.put(entry.getName(), input.readAllBytes());
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertThat(files.keySet()).containsAll(List.of("adapter_config.json", "adapter_model.safetensors"));
        return files;
    }

    private static byte[] zipped(Map<String, byte[]> files) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }
}
