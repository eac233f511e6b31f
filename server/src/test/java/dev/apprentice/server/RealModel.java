package dev.apprentice.server;

import dev.apprentice.engine.Seams;
import dev.apprentice.engine.model.hub.KnownModels;
import dev.apprentice.engine.model.hub.ModelStore;
import dev.apprentice.engine.model.hub.Progress;
import dev.apprentice.engine.model.hub.StoreSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/** Servers with the default model, as {@code serve} opens them; the model is fetched once and kept in the home. */
final class RealModel {
    /** As long as the model's own at most, since it is written in its place. */
    private static final String TEMPLATE = """
            {% if tools %}<|im_start|>system
            Tools: {{ tools|tojson }}<|im_end|>
            {% endif %}{% for m in messages %}<|im_start|>{{ m.role }}
            {{ m.content }}{% for c in m.tool_calls or [] %}
            <tool_call>
            {{ c.function|tojson }}
            </tool_call>{% endfor %}<|im_end|>
            {% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
            {% endif %}""";

    /** Lessons are studied when it is asked for: studies of what other tests taught would take half of the time. */
    static final Map<String, String> STUDIES_WHEN_ASKED = Map.of("learning.by_itself", "false");

    private RealModel() {}

    /** Opens a server over {@code data} on any free port, in fp32 if not said otherwise, with {@code flags} beside. */
    static Apprentice open(Path data, Map<String, String> flags) {
        var all = new HashMap<>(flags);
        all.putIfAbsent("engine.dtype", "fp32"); // the same on every machine
        all.put("listen.port", "0");
        all.put("data", data.toString());
        var settings = Settings.read(null, System.getenv(), all);
        return Apprentice.open(settings, files(settings), Seams.real());
    }

    /** The same with a base whose chat template knows tools as Qwen's does; {@code folder} takes its file. */
    static Apprentice openWithTools(Path folder, Map<String, String> flags) throws IOException {
        var settings = Settings.read(
                null,
                System.getenv(),
                Map.of("listen.port", "0", "data", folder.resolve("data").toString()));
        var file = Files.copy(files(settings), folder.resolve("with-tools.gguf"));
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var head = channel.map(FileChannel.MapMode.READ_WRITE, 0, 4 << 20).order(ByteOrder.LITTLE_ENDIAN);
            int at = find(head, "tokenizer.chat_template");
            int length = (int) head.getLong(at + 4); // behind the type of the value, which is a string
            var padded = TEMPLATE + "{#" + " ".repeat(length - TEMPLATE.length() - 4) + "#}";
            head.put(at + 12, padded.getBytes(StandardCharsets.UTF_8));
        }
        var all = new HashMap<>(STUDIES_WHEN_ASKED);
        all.putAll(flags);
        all.putIfAbsent("engine.dtype", "fp32");
        all.put("listen.port", "0");
        all.put("data", folder.resolve("data").toString());
        return Apprentice.open(Settings.read(null, System.getenv(), all), file, Seams.real());
    }

    /** Where {@code key} ends. */
    private static int find(ByteBuffer head, String key) {
        var wanted = key.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < head.limit() - wanted.length; at++) {
            int same = 0;
            while (same < wanted.length && head.get(at + same) == wanted[same]) {
                same++;
            }
            if (same == wanted.length) {
                return at + wanted.length;
            }
        }
        throw new AssertionError("the file has no " + key);
    }

    /** The files of the default model. */
    static Path files(Settings settings) {
        var known = KnownModels.bundled();
        var store = StoreSettings.of(known, System.getenv()).at(settings.home());
        return new ModelStore(store, Seams.real(), Progress.SILENT).resolve(known.standard());
    }
}
