package dev.apprentice.server.bench;

import dev.apprentice.engine.Closing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the server itself costs: everything but the machine behind the engine is real. Two servers run beside each
 * other, one that writes to the disk, as {@code serve} does, and one whose data lie in memory, where fsync costs
 * nothing; the difference is the disk.
 */
final class ApiBench implements Benchmark {
    /** Where Linux keeps files in memory. */
    private static final Path MEMORY = Path.of("/dev/shm");

    private final ApiPlan plan;

    ApiBench(ApiPlan plan) {
        this.plan = plan;
    }

    @Override
    public String name() {
        return "api";
    }

    @Override
    public String about() {
        return "the server's own time per request, its memory per stream and feedback per second, without a model";
    }

    /**
     * A server that is measured.
     *
     * @param store where its data are
     */
    record Place(String store, ServerProcess server) {}

    @Override
    public List<Table> run(Terms terms) throws IOException, InterruptedException {
        var house = new Closing();
        try {
            var places = new ArrayList<Place>();
            terms.progress().accept("starting the servers");
            places.add(new Place("disk", house.add(ServerProcess.start(terms.model(), terms.folder()))));
            if (Files.isWritable(MEMORY)) {
                places.add(new Place("memory", house.add(ServerProcess.start(terms.model(), MEMORY))));
            }
            for (var place : places) { // both were started before either is waited for
                place.server().listen();
            }
            var tables = new ApiRun(plan, terms, places).tables();
            house.close();
            return tables;
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            house.closeAfter(e);
            throw e;
        }
    }
}
