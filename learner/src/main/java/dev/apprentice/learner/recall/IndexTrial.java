package dev.apprentice.learner.recall;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * An index of made-up lessons, to measure what look-ups cost: states lie around the middles of some kinds of request,
 * words are drawn as in a language, few often and many seldom. Owned by one thread.
 */
public final class IndexTrial implements AutoCloseable {
    private static final int LAYERS = 2;
    private static final int PROBES = 64;
    private static final int WORDS = 12;
    private static final int VOCABULARY = 50_000;
    private static final int KINDS = 400;
    private static final float OFF = 0.6f;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final RecallSettings SETTINGS = RecallSettings.DEFAULT;

    private final ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    private final Random random;
    private final int hidden;
    private final float[][][] middles;
    private final GeneralPrompts general;
    private final LessonFolder folder;
    private int lessons;

    private IndexTrial(LessonFolder folder, int hidden, long seed) {
        this.folder = folder;
        this.hidden = hidden;
        random = new Random(seed);
        middles = IntStream.range(0, KINDS).mapToObj(_ -> state(1)).toArray(float[][][]::new);
        var states = IntStream.range(0, PROBES).mapToObj(_ -> state(1)).toArray(float[][][]::new);
        general = new GeneralPrompts(
                new Standards(states),
                Arrays.stream(states).map(state -> new Question(state, words())).toList());
    }

    /**
     * Milliseconds of something done often, by the clock and by what the calling thread computed.
     *
     * @param waited by the clock, ascending
     * @param computed of processor time, ascending
     */
    @SuppressWarnings("ArrayRecordComponent") // sorted figures, read by their places
    public record Millis(double[] waited, double[] computed) {}

    /** An empty index in {@code folder} of states of {@code hidden} numbers in each of two layers. */
    public static IndexTrial open(Path folder, int hidden, long seed) {
        var stamp = new Stamp("trial", "fp32", List.of(1, 2), 512, "trial");
        return new IndexTrial(new FolderCare(folder, stamp, LAYERS * hidden).open("trial"), hidden, seed);
    }

    /** Takes {@code count} lessons in, makes them durable, and waits until the index's parts are merged. */
    public void fill(int count) {
        for (int i = 0; i < count; i++) {
            folder.put(lesson());
        }
        folder.commit();
        folder.awaitMerges();
        folder.refresh();
    }

    /** Takes in lessons one by one, each to be found before the next. */
    public Millis additions(int count) {
        return measured(count, () -> {
            folder.put(lesson());
            folder.refresh();
        });
    }

    /** Whole look-ups as a request makes them: candidates, features of the gate, votes. */
    public Millis lookups(int count) {
        folder.refresh();
        var landscape = WideIndex.Landscape.of(folder, general);
        var index = new WideIndex(folder, landscape, folder.size(), _ -> false, SETTINGS);
        var questions = IntStream.range(0, count)
                .mapToObj(_ -> question(random.nextInt(KINDS)))
                .iterator();
        return measured(count, () -> {
            var question = questions.next();
            var company = index.around(question, null);
            company.familiarity().of(question);
            index.vote(company, question);
        });
    }

    /** Share of votes for the right kind, of {@code count} questions. */
    public double right(int count) {
        var landscape = WideIndex.Landscape.of(folder, general);
        var index = new WideIndex(folder, landscape, folder.size(), _ -> false, SETTINGS);
        int right = 0;
        for (int i = 0; i < count; i++) {
            int kind = random.nextInt(KINDS);
            var question = question(kind);
            var vote = index.vote(index.around(question, null), question);
            right += vote.answers().get(Votes.best(vote.scores())).answer().equals("kind " + kind) ? 1 : 0;
        }
        return right / (double) count;
    }

    @Override
    public void close() {
        folder.close();
    }

    private Millis measured(int count, Runnable work) {
        var waited = new double[count];
        var computed = new double[count];
        for (int i = 0; i < count; i++) {
            long began = System.nanoTime();
            long computedBefore = clock.getCurrentThreadCpuTime();
            work.run();
            computed[i] = (clock.getCurrentThreadCpuTime() - computedBefore) / NANOS_PER_MILLI;
            waited[i] = (System.nanoTime() - began) / NANOS_PER_MILLI;
        }
        Arrays.sort(waited);
        Arrays.sort(computed);
        return new Millis(waited, computed);
    }

    private Entry lesson() {
        int kind = random.nextInt(KINDS);
        lessons++;
        return new Entry(lessons, "les_" + lessons, "kind " + kind, question(kind));
    }

    private Question question(int kind) {
        var state = state(OFF);
        for (int l = 0; l < LAYERS; l++) {
            for (int h = 0; h < hidden; h++) {
                state[l][h] += middles[kind][l][h];
            }
        }
        return new Question(EntryForm.rounded(state), words());
    }

    private Set<String> words() {
        var words = new HashSet<String>();
        for (int i = 0; i < WORDS; i++) {
            words.add("w" + (int) (VOCABULARY * Math.pow(random.nextDouble(), 3)));
        }
        return words;
    }

    private float[][] state(float spread) {
        var state = new float[LAYERS][hidden];
        for (var layer : state) {
            for (int h = 0; h < hidden; h++) {
                layer[h] = spread * (float) random.nextGaussian();
            }
        }
        return state;
    }
}
