package dev.apprentice.server.bench;

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

    /** All that there are. */
    static List<Benchmark> all() {
        return List.of(new ApiBench(ApiPlan.FULL));
    }

    /** By what it is asked for. */
    String name();

    /** What it measures, in a line. */
    String about();

    /** Measures. */
    List<Table> run(Terms terms) throws IOException, InterruptedException;
}
