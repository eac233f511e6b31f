package dev.apprentice.server.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.apprentice.engine.Engine;
import dev.apprentice.engine.Seams;
import dev.apprentice.server.Apprentice;
import dev.apprentice.server.Settings;
import dev.apprentice.server.http.Wire;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A process with a whole server in it, real but for the machine behind its engine, and a {@link Floor} beside it. It
 * says its ports in one line, then answers each line that it is asked with one line of JSON. With its input it ends,
 * however that came about, and deletes its data, as it does when it is interrupted together with who started it.
 */
public final class StubServer {
    /** What it is asked for: its processor time, and that with its memory after garbage has been collected. */
    static final String TIME = "time";

    static final String MEMORY = "memory";

    private static final String CONNECTIONS_MAX = "20000";
    private static final long KIB = 1024;

    private StubServer() {}

    /** Serves the model in {@code words[0]} over the data in {@code words[1]}. */
    public static void main(String[] words) throws IOException {
        var seams = Seams.real();
        var flags = Map.of("listen.port", "0", "data", words[1], "listen.connections_max", CONNECTIONS_MAX);
        var settings = Settings.read(null, System.getenv(), flags);
        var engine = settings.engine().of(Path.of(words[0]));
        var open = new AtomicReference<AutoCloseable>(() -> {});
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(open.get(), Path.of(words[1]))));
        var floor = Floor.open();
        var server = Apprentice.open(settings, () -> Engine.open(engine, seams, StubMachine::new), seams);
        open.set(server);
        try (floor;
                var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
                var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            out.println(line(Map.of("port", server.port(), "floor", floor.port())));
            for (var asked = in.readLine(); asked != null; asked = in.readLine()) {
                out.println(line(asked.equals(MEMORY) ? memory() : Map.of("cpu_nanos", cpuNanos())));
            }
        }
        System.exit(0); // whatever threads are left; the rest is done as after an interruption
    }

    /** The last thing that this process does: a server that is still open would write its data again. */
    private static void end(AutoCloseable server, Path data) {
        try {
            server.close();
            Folders.delete(data);
        } catch (Exception e) {
            throw new IllegalStateException("the data of a measured server could not be deleted: " + data, e);
        }
    }

    private static String line(Map<String, Object> figures) {
        return new String(Wire.bytes(figures), StandardCharsets.UTF_8);
    }

    /** Processor time of this process, all threads together. */
    static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static Map<String, Object> memory() throws IOException {
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return Map.of(
                "cpu_nanos",
                cpuNanos(),
                "heap_bytes",
                memory.getHeapMemoryUsage().getUsed(),
                "resident_bytes",
                residentBytes());
    }

    /** What the process has in memory; 0 where the system does not say it in a file. */
    private static long residentBytes() throws IOException {
        var status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
                .findFirst()
                .orElse(0);
    }
}
