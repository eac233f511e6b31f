package dev.apprentice.server.bench.job;

import dev.apprentice.engine.Engine;
import dev.apprentice.engine.EngineSettings;
import dev.apprentice.engine.Seams;
import dev.apprentice.learner.Learner;
import dev.apprentice.learner.LearnerSettings;
import dev.apprentice.learner.study.StudyPlan;
import dev.apprentice.learner.study.StudyStart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where all arms live: one engine, opened when somebody first needs it, and a learner for whoever is at it. Used by one
 * thread.
 */
final class House implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(20);

    private final EngineSettings settings;
    private final Path kept;
    private @Nullable Engine engine;

    /** Over the base of {@code settings}; {@code folder} keeps what all learners compute alike. */
    House(EngineSettings settings, Path folder) {
        this.settings = settings;
        this.kept = folder.resolve("general");
    }

    Engine engine() {
        if (engine == null) {
            engine = Engine.open(settings, Seams.real());
        }
        return engine;
    }

    /** A learner over the folder {@code data} that studies only when asked, by {@code plan}. */
    Learner learner(Path data, StudyPlan plan, long seed) {
        var start = new StudyStart(false, StudyStart.DEFAULT.quiet(), StudyStart.DEFAULT.patience());
        var real = Seams.real();
        var seeds = new AtomicLong(seed);
        copy(kept, data.resolve("recall"));
        return Learner.open(
                LearnerSettings.of(data).with(plan).with(start),
                engine(),
                new Seams(real.clock(), seeds::getAndIncrement, real.ids()));
    }

    /** Keeps what a closed learner over {@code data} knows of the general prompts: the next one need not read them. */
    void keep(Path data) {
        copy(data.resolve("recall"), kept);
    }

    private static void copy(Path from, Path to) {
        if (!Files.isDirectory(from)) {
            return;
        }
        try {
            Files.createDirectories(to);
            List<Path> files;
            try (var all = Files.list(from)) {
                files = all.filter(file -> file.toString().endsWith(".vectors")).toList();
            }
            for (var file : files) {
                var there = to.resolve(file.getFileName());
                if (!Files.exists(there)) {
                    Files.copy(file, there, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until {@code holds}; says whether it did within {@code patience}. */
    static boolean until(BooleanSupplier holds, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            var _ = new CountDownLatch(1).await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        }
        return true;
    }

    @Override
    public void close() {
        if (engine != null) {
            engine.close();
        }
    }
}
