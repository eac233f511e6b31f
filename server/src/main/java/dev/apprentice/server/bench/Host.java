package dev.apprentice.server.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * The machine that was measured.
 *
 * @param cores that this process may use
 * @param memoryMib of the machine
 * @param system operating system and architecture
 * @param java version of the virtual machine
 * @param loadBefore the machine's load average when the benchmark began, negative where it has none: what others did
 */
public record Host(int cores, long memoryMib, String system, String java, double loadBefore) {
    private static final int MIB_SHIFT = 20;

    /** This one, now. */
    public static Host here() {
        var machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new Host(
                Runtime.getRuntime().availableProcessors(),
                machine.getTotalMemorySize() >> MIB_SHIFT,
                machine.getName() + " " + machine.getVersion() + " " + machine.getArch(),
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                machine.getSystemLoadAverage());
    }

    String line() {
        return String.format(
                Locale.ROOT,
                "%d cores, %d MiB, %s, %s, load average before: %.2f",
                cores,
                memoryMib,
                system,
                java,
                loadBefore);
    }
}
