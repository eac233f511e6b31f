package dev.apprentice.server.bench;

import dev.apprentice.engine.Engine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process holds when nobody does anything.
 *
 * @param residentMib of the whole process, 0 where the system does not tell
 * @param nativeMib the same without Java's heap
 * @param scopes of native memory that are open
 * @param arrays native tensors but those that are kept on purpose: prompts' beginnings and adapters
 */
record Held(double residentMib, double nativeMib, int scopes, long arrays) {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final double MIB = 1 << 20;
    private static final double KIB_PER_MIB = 1 << 10;

    /** Looks, after garbage has been collected. */
    static Held by(Engine engine) throws IOException {
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        double resident = ofProcess();
        double heap = memory.getHeapMemoryUsage().getCommitted() / MIB;
        var stats = engine.stats();
        return new Held(
                resident,
                Math.max(0, resident - heap),
                stats.openScopes() - (int) stats.adapters().count(),
                stats.arrays() - stats.adapters().arrays() - stats.prefixes().blocks());
    }

    private static double ofProcess() throws IOException {
        if (!Files.isReadable(STATUS)) {
            return 0;
        }
        try (var lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / KIB_PER_MIB)
                    .findFirst()
                    .orElse(0);
        }
    }
}
