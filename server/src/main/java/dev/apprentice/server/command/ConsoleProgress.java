package dev.apprentice.server.command;

import dev.apprentice.engine.model.hub.Progress;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Shows a person what the model store is doing: a bar that moves on a terminal, a line now and then elsewhere. */
final class ConsoleProgress implements Progress {
    private static final Duration BAR_EVERY = Duration.ofMillis(150);
    private static final Duration LINE_EVERY = Duration.ofSeconds(10);
    private static final int BAR_WIDTH = 24;

    private final PrintWriter err;
    private final boolean isTerminal;
    private final Clock clock;

    private @Nullable Transfer transfer;
    private boolean barIsOpen;

    ConsoleProgress(PrintWriter err, boolean isTerminal, Clock clock) {
        this.err = err;
        this.isTerminal = isTerminal;
        this.clock = clock;
    }

    /** One file on its way, and what was said of it last. */
    private record Transfer(String file, Instant began, long doneAtBegin, Instant said) {}

    @Override
    public void on(Event event) {
        switch (event) {
            case Waiting waiting -> line("waiting for another process that fetches " + waiting.model());
            case Trying trying -> line("fetching " + trying.model() + " from " + trying.source());
            case Received received -> received(received);
            case Retrying retrying ->
                line("  %s: %s; again in %s s"
                        .formatted(retrying.file(), retrying.reason(), seconds(retrying.pause())));
            case Verified verified -> line("  " + verified.file() + ": " + size(verified.bytes()) + ", hash is right");
            case Refused refused -> line("  " + refused.source() + ": " + refused.reason());
            case Stored stored -> line("stored " + stored.model() + ", " + size(stored.bytes()));
        }
    }

    private void received(Received received) {
        var now = clock.instant();
        var current = transfer;
        if (current == null || !current.file.equals(received.file())) {
            transfer = new Transfer(received.file(), now, received.done(), now);
            return;
        }
        var isDue = Duration.between(current.said, now).compareTo(isTerminal ? BAR_EVERY : LINE_EVERY) >= 0;
        if (!isDue && received.done() != received.total()) {
            return;
        }
        transfer = new Transfer(current.file, current.began, current.doneAtBegin, now);
        var millis = Math.max(1, Duration.between(current.began, now).toMillis());
        var rate = (received.done() - current.doneAtBegin) * 1000 / millis;
        if (isTerminal) {
            bar(received, rate);
        } else {
            line("  %s: %s of %s, %s/s"
                    .formatted(received.file(), size(received.done()), size(received.total()), size(rate)));
        }
    }

    private void bar(Received received, long rate) {
        var share = received.total() == 0 ? 1.0 : (double) received.done() / received.total();
        var filled = (int) Math.round(share * BAR_WIDTH);
        var left = rate == 0 ? "" : ", " + (received.total() - received.done()) / rate + " s left";
        err.print(String.format(
                Locale.ROOT,
                "\r  [%s%s] %3.0f%%  %s of %s, %s/s%s\033[K",
                "#".repeat(filled),
                ".".repeat(BAR_WIDTH - filled),
                share * 100,
                size(received.done()),
                size(received.total()),
                size(rate),
                left));
        err.flush();
        barIsOpen = true;
    }

    private void line(String text) {
        if (barIsOpen) {
            err.println();
            barIsOpen = false;
        }
        err.println(text);
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1000.0);
    }

    /** Decimal units, as disks and networks count. */
    static String size(long bytes) {
        if (bytes < 1_000) {
            return bytes + " B";
        }
        var value = (double) bytes;
        for (var unit : new String[] {"kB", "MB", "GB"}) {
            value /= 1000;
            if (value < 999.95) {
                return String.format(Locale.ROOT, "%.1f %s", value, unit);
            }
        }
        return String.format(Locale.ROOT, "%.1f TB", value / 1000);
    }
}
