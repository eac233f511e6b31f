package dev.apprentice.learner.lesson;

import dev.apprentice.engine.text.ChatMessage;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** A process that imports lessons and, half of them being written, says so and waits to be killed. */
public final class HalfImport {
    static final int LESSONS = 200;

    private HalfImport() {}

    /** Imports into the data folder {@code args[0]}. */
    public static void main(String[] args) {
        var written = new AtomicInteger();
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        var house = new LedgerHouse(Path.of(args[0]), new LedgerHouse.CountedCharacters() {
            @Override
            public String text(ChatMessage reply) {
                if (written.incrementAndGet() == LESSONS / 2) {
                    out.println("half");
                    forever();
                }
                return super.text(reply);
            }
        });
        house.ledger().giveAll(lessons());
    }

    static List<Feedback.Example> lessons() {
        return IntStream.range(0, LESSONS)
                .mapToObj(i -> new Feedback.Example(
                        "apprentice", List.of(ChatMessage.of("user", "Where is part " + i + "?")), "Shelf " + i, "ann"))
                .toList();
    }

    private static void forever() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
