package dev.apprentice.server;

import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/** Everything that is logged while it is open, down to the finest level of every part of the program. */
final class CapturedLog extends Handler implements AutoCloseable {
    private final java.util.Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Formatter formatter = new SimpleFormatter();
    private final Level before;

    CapturedLog() {
        setLevel(Level.ALL);
        var root = Objects.requireNonNull(LogManager.getLogManager().getLogger(""));
        before = root.getLevel();
        for (var handler : root.getHandlers()) {
            handler.setLevel(Level.WARNING); // others need not see what this one sees
        }
        root.addHandler(this);
        root.setLevel(Level.ALL);
    }

    String text() {
        return String.join("\n", lines);
    }

    @Override
    public void publish(LogRecord record) {
        lines.add(formatter.format(record));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        var root = Objects.requireNonNull(LogManager.getLogManager().getLogger(""));
        root.removeHandler(this);
        root.setLevel(before);
        for (var handler : root.getHandlers()) {
            handler.setLevel(Level.ALL);
        }
    }
}
