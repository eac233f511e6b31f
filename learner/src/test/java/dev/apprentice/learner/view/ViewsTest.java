package dev.apprentice.learner.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.Seams;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.SampleLessons;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ViewsTest {
    private static final String REQUEST =
            "Where does order 48213-B of Anna Berg go? She says \"at the back door\" and wants the blue kettle soon.";

    @Test
    void theSameLessonHasTheSameViews() {
        assertThat(Views.of(lesson(REQUEST, "Brindlewick"))).isEqualTo(Views.of(lesson(REQUEST, "Brindlewick")));
    }

    @Test
    void noWordingIsBothTrainedOnAndExamined() {
        var views = Views.of(lesson(REQUEST, "Brindlewick"));

        assertThat(views.training()).hasSize(6).doesNotContainAnyElementsOf(views.exam());
        assertThat(views.exam()).hasSize(2).doesNotHaveDuplicates();
        var drawn = new HashSet<List<ChatMessage>>();
        var random = Seams.random(1);
        IntStream.range(0, 2_000)
                .forEach(i -> drawn.add(views.draw(lesson(REQUEST, "Brindlewick"), 0.3, 0.15, random)));
        assertThat(drawn).hasSizeGreaterThan(100).doesNotContainAnyElementsOf(views.exam());
    }

    @Test
    void numbersQuotesNamesAndWordsOfTheAnswerStay() {
        var lesson = lesson(REQUEST, "The kettle goes to Brindlewick");
        var views = Views.of(lesson);
        var random = Seams.random(2);
        var drawn = IntStream.range(0, 200).mapToObj(i -> views.draw(lesson, 0.5, 0.5, random));

        assertThat(Stream.concat(Stream.concat(views.training().stream(), views.exam().stream()), drawn))
                .allSatisfy(messages -> assertThat(messages.getLast().content())
                        .contains("48213-B", "Anna Berg", "\"at the back door\"", "kettle"));
    }

    @Test
    void earlierTurnsStayAsTheyWere() {
        var earlier = List.of(
                ChatMessage.of("user", "Can you help me with something today?"),
                ChatMessage.of("assistant", "Gladly, with whatever you need."),
                ChatMessage.of("user", REQUEST));
        var lesson = lesson(earlier, "Brindlewick");

        assertThat(Views.of(lesson).training())
                .allSatisfy(view -> assertThat(view.subList(0, 2)).isEqualTo(earlier.subList(0, 2)));
    }

    @Test
    void lineBreaksOfACodeOrTableStay() {
        var lesson = lesson("Sort these rows please:\nb 2\na 1\n\nand say how many there were.", "a 1, b 2");

        assertThat(Views.of(lesson).training())
                .allSatisfy(view -> assertThat(view.getLast().content()).contains("\nb 2\na 1\n\n"));
    }

    @Test
    void aRequestOfAWordOrTwoLosesNone() {
        var lesson = lesson("Opening hours?", "Nine to five");
        var random = Seams.random(3);

        assertThat(IntStream.range(0, 50)
                        .mapToObj(i -> Views.of(lesson)
                                .draw(lesson, 0, 0.9, random)
                                .getLast()
                                .content()))
                .containsOnly("Opening hours?");
    }

    private static Lesson lesson(String request, String answer) {
        return lesson(List.of(ChatMessage.of("user", request)), answer);
    }

    private static Lesson lesson(List<ChatMessage> messages, String answer) {
        return SampleLessons.example("les_1", "job", messages, answer, Instant.EPOCH, Map.of());
    }
}
