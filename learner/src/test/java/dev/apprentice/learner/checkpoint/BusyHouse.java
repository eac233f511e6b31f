package dev.apprentice.learner.checkpoint;

import dev.apprentice.learner.instance.InstancePatch;
import dev.apprentice.learner.promotion.Trial;
import dev.apprentice.learner.store.Columns;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/** A process that is there to be killed: it teaches and promotes without a pause, and says what was acknowledged. */
public final class BusyHouse {
    private static final int TEACHERS = 4;

    private BusyHouse() {}

    /** Runs on the data folder {@code args[0]} until it is killed. */
    public static void main(String[] args) throws InterruptedException {
        var house = new CheckpointHouse(Path.of(args[0]));
        var out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true);
        for (var teacher = 0; teacher < TEACHERS; teacher++) {
            var name = "t" + teacher + "-" + ProcessHandle.current().pid();
            Thread.ofPlatform().start(() -> teach(house, name, out));
        }
        promote(house, out);
    }

    private static void teach(CheckpointHouse house, String name, PrintStream out) {
        for (var i = 0; ; i++) {
            out.println(
                    "lesson " + house.lesson(name + " asks " + i, "Desk " + i).id());
        }
    }

    private static void promote(CheckpointHouse house, PrintStream out) {
        house.instances()
                .patch("apprentice", new InstancePatch(null, null, Map.of("canary_percent", 50, "shadow_percent", 50)));
        for (var seed = 1; ; seed++) {
            var serving = house.serving();
            var candidate = house.candidate(seed, serving == 0 ? null : (Integer) serving);
            var exam = Columns.tree(Map.of("ok", true));
            var number = house.checkpoints()
                    .pass("apprentice", candidate, exam, null, true) // into the shadow
                    .number();
            var kind = seed % 2 == 0 ? Trial.Kind.CANARY : Trial.Kind.SHADOW;
            house.checkpoints().promote("apprentice", String.valueOf(number), false, kind);
            if (seed % 3 == 0) {
                house.checkpoints().onTrial().withdraw("apprentice", String.valueOf(number));
            }
            out.println("live "
                    + house.checkpoints()
                            .promote("apprentice", String.valueOf(number), false)
                            .number());
        }
    }
}
