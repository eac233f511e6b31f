package dev.apprentice.server.command;

import dev.apprentice.server.Apprentice;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/**
 * Ends the process as an operator expects it: SIGTERM or Ctrl-C closes the server first, and a server that was closed
 * whole exits with 0. The JVM's own way would be 143 or 130, whatever was closed. A signal while the server is still
 * being opened ends the process at once: nothing is running, and the store survives that as it survives a crash.
 */
final class Stopping {
    private final Surroundings around;
    private final CountDownLatch forever = new CountDownLatch(1);
    private boolean opening = true;
    private @Nullable Apprentice open;

    private Stopping(Surroundings around) {
        this.around = around;
    }

    /** From here on a signal closes what {@link #closeFirst} has named. */
    static Stopping onSignal(Surroundings around) {
        var stopping = new Stopping(around);
        Runtime.getRuntime().addShutdownHook(new Thread(stopping::stop, "stopping"));
        return stopping;
    }

    /** Names what is to be closed before the process ends. */
    synchronized Apprentice closeFirst(Apprentice apprentice) {
        open = apprentice;
        return apprentice;
    }

    /** The server is open, or will never be: from here on an end without one is not a signal's work. */
    synchronized void endOpening() {
        opening = false;
    }

    /** Waits for a signal, which ends the process. */
    void await() throws InterruptedException {
        forever.await();
    }

    /** Runs once, as a shutdown hook, where nothing but {@code halt} can still choose the exit code. */
    private synchronized void stop() {
        if (opening) {
            halt(ExitCode.OK);
        }
        if (open == null) {
            return;
        }
        around.err().println("apprentice: stopping; running answers may finish");
        try {
            open.close();
            around.err().println("apprentice: stopped");
            halt(ExitCode.OK);
        } catch (RuntimeException e) {
            around.err().println("apprentice: not everything could be closed: " + e);
            halt(ExitCode.SOFTWARE);
        }
    }

    private static void halt(int exitCode) {
        Runtime.getRuntime().halt(exitCode);
    }
}
