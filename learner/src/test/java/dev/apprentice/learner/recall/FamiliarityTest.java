package dev.apprentice.learner.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FamiliarityTest {
    private static final int LAYERS = 2;
    private static final int HIDDEN = 13; // no multiple of what is computed at once

    /** Floats over 13 numbers: each product and sum is right to 6e-8. */
    private static final double CLOSE = 1e-6;

    private final Random random = new Random(7);

    @Test
    void aPanelComparesLikeTheQuestionsThemselves() {
        var known = new ArrayList<>(questions(70));
        known.add(new Question(new float[LAYERS][HIDDEN], Set.of())); // has no direction
        var panel = new Panel(known.stream().map(Question::state).toList());
        for (var question : questions(5)) {
            var cosines = question.cosines(panel);
            assertThat(cosines).hasSize(known.size());
            for (int i = 0; i < cosines.length; i++) {
                assertThat(cosines[i]).isCloseTo(question.cosine(known.get(i)), within(CLOSE));
            }
        }
        assertThat(question().cosines(new Panel(List.of()))).isEmpty();
    }

    @Test
    void manyAtOnceAreWhatEachIsByItself() {
        var lessons = questions(150); // more than are compared in a row
        var familiarity = familiarity(lessons);
        var strangers = questions(20);

        var together = familiarity.ofOthers(strangers);

        for (int i = 0; i < strangers.size(); i++) {
            assertThat(together.get(i).values())
                    .containsExactly(familiarity.of(strangers.get(i)).values(), within(CLOSE));
        }
    }

    @Test
    void aLessonIsNotComparedWithItself() {
        var lessons = questions(80);
        var familiarity = familiarity(lessons);

        assertThat(familiarity.of(lessons.getLast()).nearest()).isCloseTo(1, within(CLOSE));
        var others = familiarity.ofOthers(List.of(lessons.getLast())).getFirst();
        double nearest = lessons.stream()
                .limit(79)
                .mapToDouble(lessons.getLast()::cosine)
                .max()
                .orElseThrow();
        assertThat(others.nearest()).isCloseTo(nearest, within(CLOSE));
    }

    private Familiarity familiarity(List<Question> lessons) {
        var states = IntStream.range(0, 3).mapToObj(_ -> state()).toArray(float[][][]::new);
        var entries = lessons.stream().map(FamiliarityTest::entry).toList();
        var general = new GeneralPrompts(new Standards(states), questions(9));
        return new Familiarity(entries, Ground.of(entries, general));
    }

    private static Entry entry(Question question) {
        return new Entry(0, "les", "!", question);
    }

    private List<Question> questions(int count) {
        return IntStream.range(0, count).mapToObj(_ -> question()).toList();
    }

    private Question question() {
        return new Question(state(), Set.of("word" + random.nextInt(20), "other" + random.nextInt(20)));
    }

    private float[][] state() {
        var state = new float[LAYERS][HIDDEN];
        for (var layer : state) {
            for (int h = 0; h < HIDDEN; h++) {
                layer[h] = (float) random.nextGaussian();
            }
        }
        return state;
    }
}
