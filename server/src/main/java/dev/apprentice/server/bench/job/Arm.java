package dev.apprentice.server.bench.job;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.learner.Extras;
import dev.apprentice.learner.Extras.Adapter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The ways of learning that are compared (docs/benchmarks.md). */
public enum Arm {
    /** The bare base, which is told nothing. */
    BASE(false, Adapter.NEVER, false),
    /** Lessons act on answers at once; nothing is ever studied. */
    RECALL(true, Adapter.NEVER, false),
    /** Lessons are studied; recall has no say in any answer. */
    WEIGHTS(false, Adapter.AUTO, true),
    /** As served. */
    BOTH(true, Adapter.AUTO, true),
    /** As {@link #WEIGHTS}, but a study reads nothing but what is new. */
    NO_REPLAY(false, Adapter.AUTO, true),
    /** Not the program: policy gradient on each graded answer, the baseline of docs/benchmarks.md. */
    REINFORCE(false, Adapter.ALWAYS, false),
    /** As {@link #WEIGHTS}, but all lessons at once in one study from the base: the upper bound. */
    JOINT(false, Adapter.AUTO, true);

    private final boolean recall;
    private final Adapter adapter;
    private final boolean studies;

    Arm(boolean recall, Adapter adapter, boolean studies) {
        this.recall = recall;
        this.adapter = adapter;
        this.studies = studies;
    }

    /** Its name in tables and on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Those that {@code words} name, in their usual order; all of them where there are no words. */
    public static List<Arm> of(List<String> words) {
        for (var word : words) {
            if (Arrays.stream(values()).noneMatch(arm -> arm.word().equals(word))) {
                var expected = Arrays.stream(values()).map(Arm::word).collect(Collectors.joining(", "));
                throw new InvalidRequestException(
                        "bad_arm", "there is no arm '" + word + "'", Fault.of("arms", expected, word));
            }
        }
        return Arrays.stream(values())
                .filter(arm -> words.isEmpty() || words.contains(arm.word()))
                .toList();
    }

    boolean studies() {
        return studies;
    }

    /** Whether lessons act on answers without a study. */
    boolean recalls() {
        return recall;
    }

    /** How it answers; {@code learn} is whether feedback on the answer may teach. */
    Extras extras(boolean learn) {
        return new Extras(recall, adapter, learn);
    }
}
