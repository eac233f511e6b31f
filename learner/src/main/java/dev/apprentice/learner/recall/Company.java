package dev.apprentice.learner.recall;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The lessons that a request is compared with: all of an instance, or those that were found for it. Similarity is the
 * mean of two cosines of hidden states, one seen from where general prompts lie and one from the middle of the lessons,
 * plus what shared words add, rare ones among the lessons first: in the first the job's own wrapping counts, in the
 * second only what differs within the job. Immutable.
 */
final class Company {
    private final List<Entry> entries;
    private final Ground ground;
    private final double wordWeight;
    private final double ridge;
    private final int votersMax;
    private final Familiarity familiarity;
    private final List<Centre.Offset> offsets;
    private final @Nullable Panel apart;

    /**
     * Of {@code entries}, oldest first.
     *
     * @param lasting whether many requests will be compared with it: for a single one laying states out costs more than
     *     it saves
     */
    Company(List<Entry> entries, Ground ground, RecallSettings settings, boolean lasting) {
        this.entries = List.copyOf(entries);
        this.ground = ground;
        wordWeight = settings.wordWeight();
        ridge = settings.ridge();
        votersMax = settings.votersMax();
        familiarity = new Familiarity(entries, ground);
        offsets = entries.stream()
                .map(entry -> ground.middle().of(entry.question().state()))
                .toList();
        apart = lasting ? new Panel(aparts().toList()) : null;
    }

    private Stream<float[][]> aparts() {
        return entries.stream()
                .map(entry -> ground.middle().apart(entry.question().state()));
    }

    List<Entry> entries() {
        return entries;
    }

    Familiarity familiarity() {
        return familiarity;
    }

    /** The newest lessons, which vote. */
    List<Entry> voters() {
        return entries.subList(firstVoter(), entries.size());
    }

    private int firstVoter() {
        return Math.max(0, entries.size() - votersMax);
    }

    /** The votes of {@link #voters()}. */
    Votes votes() {
        return votes(IntStream.range(firstVoter(), entries.size()).toArray());
    }

    /** The votes of the entries with these numbers, ascending. */
    private Votes votes(int[] chosen) {
        var states = Arrays.stream(chosen)
                .mapToObj(i -> ground.middle().apart(entries.get(i).question().state()))
                .toList();
        var panel = new Panel(states);
        var kernel = new double[chosen.length][chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            int entry = chosen[i];
            var row = new Seen(
                    entries.get(entry).question(),
                    offsets.get(entry),
                    familiarity.texts().get(entry),
                    panel.dots(states.get(i), i + 1)); // the kernel is symmetric
            for (int j = 0; j <= i; j++) {
                kernel[i][j] = similarity(row, chosen[j], j);
                kernel[j][i] = kernel[i][j];
            }
        }
        return Votes.of(Arrays.stream(chosen).mapToObj(entries::get).toList(), kernel, ridge);
    }

    /** What the {@code count} most similar alone vote for a request. */
    LessonIndex.Vote nearestVote(Question question, int count) {
        var similarities = similarities(question, 0);
        var chosen = best(similarities)
                .limit(count)
                .sorted()
                .mapToInt(Integer::intValue)
                .toArray();
        var votes = votes(chosen);
        var near = Arrays.stream(chosen).mapToDouble(i -> similarities[i]).toArray();
        return new LessonIndex.Vote(votes.answers(), votes.ridge().scores(near));
    }

    /** What {@code votes} of these lessons gives to its answers for a request. */
    double[] scores(Votes votes, Question question) {
        return votes.ridge().scores(similarities(question, firstVoter()));
    }

    /** The most similar lessons, best first, leaving out {@code without}. */
    List<Entry> nearest(Question question, int count, @Nullable String without) {
        return best(similarities(question, 0))
                .map(entries::get)
                .filter(entry -> !entry.id().equals(without))
                .limit(count)
                .toList();
    }

    private static Stream<Integer> best(double[] similarities) {
        return IntStream.range(0, similarities.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> -similarities[i])
                        .thenComparing(Comparator.reverseOrder())); // of equals the newer
    }

    /** How similar a request is to each entry from number {@code from} on. */
    private double[] similarities(Question question, int from) {
        var here = ground.middle().apart(question.state());
        var seen = new Seen(
                question,
                ground.middle().of(question.state()),
                ground.words().weigh(question.words()),
                apart == null ? Panel.dots(aparts().toList(), here) : apart.dots(here, entries.size()));
        return IntStream.range(from, entries.size())
                .mapToDouble(i -> similarity(seen, i, i))
                .toArray();
    }

    /**
     * A request with all that comparing it needs.
     *
     * @param dots with others as seen from the middle, [layers, others]
     */
    @SuppressWarnings("ArrayRecordComponent") // made for sums, and never compared
    private record Seen(Question question, Centre.Offset offset, WeighedWords words, float[][] dots) {}

    private double similarity(Seen seen, int entry, int at) {
        double cosines = seen.question()
                .cosines(
                        entries.get(entry).question(),
                        seen.dots(),
                        at,
                        ground.middle(),
                        seen.offset(),
                        offsets.get(entry));
        return cosines + wordWeight * seen.words().overlap(familiarity.texts().get(entry));
    }
}
