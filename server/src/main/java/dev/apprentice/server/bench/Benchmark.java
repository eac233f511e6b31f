package dev.apprentice.server.bench;

import dev.apprentice.server.bench.job.JobBench;
import dev.apprentice.server.bench.job.JobPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Something that can be measured by name. */
public interface Benchmark {

    /**
     * What a benchmark is given.
     *
     * @param model where the files of the base model are
     * @param folder for what it has to write; it deletes that again
     * @param window how long each single measurement takes
     * @param progress takes one line at a time while it runs
     */
    record Terms(Path model, Path folder, Duration window, Consumer<String> progress) {}

    /**
     * All that there are.
     *
     * @param length how long the long one takes
     * @param lessons how many the index of recall is filled with
     * @param engine how much of the engine is measured
     * @param job how much of learning on the job is measured
     */
    static List<Benchmark> all(Duration length, int lessons, EnginePlan engine, JobPlan job) {
        return List.of(
                new ApiBench(ApiPlan.FULL),
                new EngineBench(engine),
                new RecallBench(RecallPlan.of(lessons)),
                new LongBench(LongPlan.of(length)),
                new JobBench(job));
    }

    /** By what it is asked for. */
    String name();

    /** What it measures, in a line. */
    String about();

    /** Whether it takes so long that it has to be asked for by name. */
    default boolean onlyByName() {
        return false;
    }

    /** Measures. */
    List<Table> run(Terms terms) throws IOException, InterruptedException;
}
