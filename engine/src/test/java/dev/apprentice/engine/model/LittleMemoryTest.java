package dev.apprentice.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.apprentice.engine.BadModelException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large and hollow files are refused within a heap of 256 MB. */
class LittleMemoryTest {
    private static final long BYTES_MAX = 240L << 20;

    @TempDir
    Path path;

    private TinyFolder folder;

    @BeforeEach
    void makeFolder() {
        folder = new TinyFolder(path.resolve("tiny"));
    }

    @Test
    void configurationsAreSmall() {
        folder.file("config.json", "{\"x\":[" + "{},".repeat(2 << 20) + "{}]}");

        refused("config.json: file: expected at most 4194304 bytes");
    }

    @Test
    void configurationsOfNothingButObjectsFit() {
        folder.file("config.json", "{\"x\":[" + "{},".repeat(1 << 20) + "{}]}");

        refused("config.json: architectures");
    }

    @Test
    void postProcessorsAreSmall() {
        folder.file("tokenizer.json", "{\"post_processor\":[" + "[],".repeat(5 << 20) + "[]]}");

        refused("tokenizer.json: post_processor: expected at most 262144 bytes");
    }

    @Test
    void vocabulariesAreBounded() {
        var json = new StringBuilder("{\"model\":{\"vocab\":{");
        for (int id = 0; id <= 1 << 20; id++) {
            json.append(id == 0 ? "" : ",").append('"').append(id).append("\":0");
        }
        folder.file("tokenizer.json", json + "}}}");

        refused("tokenizer.json: model.vocab: expected at most 1048576 tokens");
    }

    @Test
    void tensorTablesAreBounded() {
        var header = new StringBuilder("{");
        for (int i = 0; i <= 1 << 17; i++) {
            header.append(i == 0 ? "" : ",").append('"').append(i);
            header.append("\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}");
        }
        folder.files.put("model.safetensors", SafetensorsBytes.of(header + "}", new byte[0]));

        refused("model.safetensors: header: expected at most 131072 tensors");
    }

    private void refused(String complaint) {
        folder.write();
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> BaseModel.open(path.resolve("tiny")))
                .isInstanceOf(BadModelException.class)
                .hasMessageContaining(complaint);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(BYTES_MAX);
    }
}
