package dev.apprentice.learner.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WideIndexTest {
    private static final int LAYERS = 2;
    private static final int HIDDEN = 96;
    private static final int KINDS = 6;
    private static final Stamp STAMP = new Stamp("base", "fp32", List.of(1, 2), 512, "probes");

    private final Random random = new Random(11);
    private final float[][][] kinds =
            IntStream.range(0, KINDS).mapToObj(_ -> state(1)).toArray(float[][][]::new);

    @TempDir
    Path folder;

    /** Where the candidates are all lessons, searching for them changes nothing. */
    @Test
    void votesOfCandidatesThatAreAllLessonsAreTheVotesOfAll() {
        var general = general();
        var entries = entries(48);
        var settings = settings(512, 64, 64);
        var whole = new WholeIndex(entries, general, settings);
        try (var shelf = filled(entries)) {
            var wide =
                    new WideIndex(shelf, WideIndex.Landscape.of(shelf, general), entries.size(), _ -> false, settings);
            for (int i = 0; i < 8; i++) {
                var question = question(i % KINDS, i);
                var all = whole.vote(whole.around(question, null), question);
                var found = wide.vote(wide.around(question, null), question);
                assertThat(found.answers()).extracting(Entry::id).isEqualTo(ids(all.answers()));
                assertThat(found.scores()).containsExactly(all.scores(), within(1e-9));
                assertThat(wide.features(question).nearest())
                        .isCloseTo(whole.features(question).nearest(), within(1e-9));
            }
            assertThat(wide.small()).isEqualTo(whole.small());
        }
    }

    @Test
    void theRightKindIsFoundAmongMany() {
        var general = general();
        var entries = entries(240);
        var settings = settings(64, 48, 32);
        try (var shelf = filled(entries)) {
            var wide =
                    new WideIndex(shelf, WideIndex.Landscape.of(shelf, general), entries.size(), _ -> false, settings);
            for (int i = 0; i < 24; i++) {
                var question = question(i % KINDS, i);
                var vote = wide.vote(wide.around(question, null), question);
                assertThat(vote.answers().get(Votes.best(vote.scores())).answer())
                        .isEqualTo("desk " + i % KINDS);
            }
            assertThat(wide.judged()).allSatisfy(one -> assertThat(one.right()).isTrue());
        }
    }

    @Test
    void anEntryIsReadAsItWasWritten() {
        var entries = entries(5);
        try (var shelf = filled(entries)) {
            var read = shelf.all();
            assertThat(ids(read)).isEqualTo(ids(entries));
            for (int i = 0; i < read.size(); i++) {
                assertThat(read.get(i).question().state())
                        .isDeepEqualTo(entries.get(i).question().state());
                assertThat(read.get(i).question().words())
                        .isEqualTo(entries.get(i).question().words());
                assertThat(read.get(i).answer()).isEqualTo(entries.get(i).answer());
            }
            assertThat(ids(shelf.newest(2))).containsExactly("les_3", "les_4");
            assertThat(shelf.sequences()).containsExactly(0, 1, 2, 3, 4);
        }
    }

    @Test
    void anglesOutliveTheProjection() {
        var projection = new Projection(LAYERS * HIDDEN);
        for (int i = 0; i < 20; i++) {
            var one = new Question(state(1), Set.of());
            var near = new Question(near(one.state(), 0.5f), Set.of());
            var a = projection.of(one.state());
            var b = projection.of(near.state());
            // 256 of 256 mixed numbers are kept here, so only their rounding to bytes is lost
            assertThat(dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))).isCloseTo(one.cosine(near), within(0.02));
        }
    }

    private static double dot(byte[] a, byte[] b) {
        return IntStream.range(0, a.length)
                .mapToDouble(i -> (double) a[i] * b[i])
                .sum();
    }

    private LessonFolder filled(List<Entry> entries) {
        var made = new FolderCare(folder, STAMP, LAYERS * HIDDEN).open("desk");
        entries.forEach(made::put);
        made.refresh();
        return made;
    }

    private List<Entry> entries(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Entry(i, "les_" + i, "desk " + i % KINDS, question(i % KINDS, i)))
                .toList();
    }

    private Question question(int kind, int number) {
        return new Question(
                EntryForm.rounded(near(kinds[kind], 0.6f)), Set.of("which", "desk", "kind" + kind, "case" + number));
    }

    private GeneralPrompts general() {
        var states = IntStream.range(0, 16).mapToObj(_ -> state(1)).toArray(float[][][]::new);
        return new GeneralPrompts(
                new Standards(states),
                IntStream.range(0, 16)
                        .mapToObj(i -> new Question(states[i], Set.of("tell", "me", "word" + i)))
                        .toList());
    }

    private float[][] near(float[][] state, float far) {
        var moved = state(far);
        for (int l = 0; l < LAYERS; l++) {
            for (int h = 0; h < HIDDEN; h++) {
                moved[l][h] += state[l][h];
            }
        }
        return moved;
    }

    private float[][] state(float spread) {
        var state = new float[LAYERS][HIDDEN];
        for (var layer : state) {
            for (int h = 0; h < HIDDEN; h++) {
                layer[h] = spread * (float) random.nextGaussian();
            }
        }
        return state;
    }

    private static List<String> ids(List<Entry> entries) {
        return entries.stream().map(Entry::id).toList();
    }

    private static RecallSettings settings(int few, int candidates, int neighbours) {
        var usual = RecallSettings.DEFAULT;
        return new RecallSettings(
                usual.layers(),
                usual.embedTokensMax(),
                usual.wordWeight(),
                usual.ridge(),
                few,
                candidates,
                neighbours,
                usual.fitAtLessons(),
                usual.earlyExamples(),
                usual.examples(),
                usual.fitQuestionsMax(),
                usual.temperatures(),
                usual.lambdaMost(),
                usual.gateOpenMin());
    }
}
