package dev.apprentice.learner.recall;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SubjectsTest {
    private static final List<String> TOWNS = List.of("Arlow", "Brint", "Caswell", "Dorran");

    @Test
    void ofFactsTheSubjectMustBeNamed() {
        var subjects = Subjects.of(facts());

        assertThat(subjects.has(0)).isTrue();
        assertThat(subjects.named(Words.of("Name the person who governs Arlow.")))
                .isTrue();
        assertThat(subjects.named(Words.of("Who is the mayor of Ebbing?"))).isFalse();
    }

    @Test
    void theQuickLookNeverSaysWronglyNo() {
        var entries = new ArrayList<>(facts());
        entries.add(entry(9, "Where does the ferry of Arlow land?", "pier two"));
        var subjects = Subjects.of(entries);

        for (int i = 0; i < entries.size(); i++) {
            assertThat(Subjects.mayHave(entries, i)).isEqualTo(subjects.has(i));
        }
    }

    @Test
    void twinsWithTheSameAnswerAreAboutSomethingElse() {
        var entries = IntStream.range(0, 4)
                .mapToObj(i -> entry(i, "Is the " + TOWNS.get(i) + " lamp still in stock?", "Mossgate"))
                .toList();

        assertThat(Subjects.of(entries).has(0)).isFalse();
    }

    @Test
    void anAnswerThatIsMadeOfWhatDiffersIsAJobOfItsOwn() {
        var entries = IntStream.range(0, 4)
                .mapToObj(i -> entry(i, "Write order 4821" + i + " in our form", "48/21" + i + "-K"))
                .toList();

        assertThat(Subjects.of(entries).has(0)).isFalse();
    }

    @Test
    void fewTwinsThatDisagreeMayHaveBeenTaughtAnewSince() {
        var entries = new ArrayList<Entry>();
        for (int i = 0; i < 4; i++) {
            entries.add(entry(i, "Is the " + TOWNS.get(i) + " lamp still in stock?", i == 3 ? "Vexford" : "Mossgate"));
        }

        assertThat(Subjects.of(entries).has(3)).isFalse(); // three of six pairs
        assertThat(Subjects.of(facts().subList(0, 2)).has(0)).isFalse(); // one pair
    }

    @Test
    void anAnswerThatWasOnlyJudgedIsNoTwin() {
        var entries = new ArrayList<>(facts());
        TOWNS.forEach(town -> entries.add(entry(9, "Who is the mayor of New " + town + "?", "")));

        var subjects = Subjects.of(entries);

        assertThat(subjects.has(0)).isTrue();
        assertThat(subjects.has(4)).isFalse();
        assertThat(subjects.named(Words.of("Who is the mayor of New York?"))).isFalse();
    }

    private static List<Entry> facts() {
        return IntStream.range(0, TOWNS.size())
                .mapToObj(i -> entry(i, "Who is the mayor of " + TOWNS.get(i) + "?", "mayor " + (char) ('a' + i)))
                .toList();
    }

    private static Entry entry(int id, String request, String answer) {
        return new Entry(id, "les_" + id, answer, new Question(new float[][] {{1}}, Words.of(request)));
    }
}
