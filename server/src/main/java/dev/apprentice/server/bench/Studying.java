package dev.apprentice.server.bench;

import dev.apprentice.engine.Engine;
import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.model.PeftFolder;
import dev.apprentice.engine.training.AdapterPlan;
import dev.apprentice.engine.training.Loss;
import dev.apprentice.engine.training.OptimStep;
import dev.apprentice.engine.training.Student;
import dev.apprentice.engine.training.TrainingRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a study asks of the engine: steps of some rows with their loss on the answers alone. It trains rank 16 on the
 * upper three fifths of the layers, as the default plan does. Used by one thread, but for a study {@link #beside}.
 */
final class Studying {
    private static final int ANSWER_PART = 6;
    private static final double RATE = 1e-4;
    private static final double NANOS = 1e9;

    private final int rows;
    private final int rowTokens;
    private final Engine engine;
    private final Streams streams;

    /** With steps of {@code rows} rows of {@code rowTokens} tokens, of which the last sixth is trained. */
    Studying(int rows, int rowTokens, Engine engine, Streams streams) {
        this.rows = rows;
        this.rowTokens = rowTokens;
        this.engine = engine;
        this.streams = streams;
    }

    /** Trained tokens per second with nothing else to do, for at least {@code nanos}. */
    double alone(long nanos) throws InterruptedException {
        try (var student = student()) {
            step(student);
            long began = System.nanoTime();
            long tokens = 0;
            do {
                tokens += step(student);
            } while (System.nanoTime() - began < nanos);
            return tokens / ((System.nanoTime() - began) / NANOS);
        }
    }

    /** A study that goes on until it is closed. */
    Beside beside() throws InterruptedException {
        var beside = new Beside();
        beside.ready.await();
        return beside;
    }

    /** A study on a thread of its own. */
    final class Beside implements AutoCloseable {
        private final CountDownLatch ready = new CountDownLatch(1);
        private final CountDownLatch stepped = new CountDownLatch(1);
        private final AtomicLong tokens = new AtomicLong();
        private final Thread thread;

        private Beside() {
            thread = Thread.ofPlatform().name("bench-study").daemon().start(this::learn);
        }

        /** How many tokens it has trained on so far. */
        long tokens() {
            return tokens.get();
        }

        /** The same, once a step was taken: beside many streams one may take longer than a short round. */
        long tokensOfSteps() throws InterruptedException {
            stepped.await();
            return tokens.get();
        }

        private void learn() {
            try (var student = student()) {
                step(student);
                ready.countDown();
                while (true) {
                    tokens.addAndGet(step(student));
                    stepped.countDown();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // closed
            } finally {
                ready.countDown();
                stepped.countDown();
            }
        }

        @Override
        public void close() {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Writes {@code count} adapters that differ, each after one step more. */
    List<AdapterRef> adapters(int count, Path folder) throws IOException, InterruptedException {
        var adapters = new ArrayList<AdapterRef>();
        try (var student = student()) {
            for (int i = 0; i < count; i++) {
                student.forwardBackward(rows(1));
                student.optimStep(OptimStep.at(RATE));
                var adapter = student.snapshot();
                var place = folder.resolve("adapter-" + i);
                PeftFolder.write(adapter, place, engine.base().name());
                adapters.add(new AdapterRef(PeftFolder.digest(adapter), place));
            }
        }
        return adapters;
    }

    private Student student() {
        int layers = engine.base().config().layers();
        var adapter = new AdapterPlan(16, 32, 0.1, (int) Math.ceil(0.4 * layers), layers);
        return engine.training().student(adapter, null, 1);
    }

    private int step(Student student) throws InterruptedException {
        student.forwardBackward(rows(rows));
        student.optimStep(OptimStep.at(RATE));
        return rows * rowTokens;
    }

    private List<TrainingRow> rows(int count) {
        var made = new ArrayList<TrainingRow>();
        for (int i = 0; i < count; i++) {
            int answer = rowTokens - rowTokens / ANSWER_PART;
            made.add(new TrainingRow(streams.prompt(rowTokens), answer, new Loss.CrossEntropy(1.0 / count)));
        }
        return made;
    }
}
