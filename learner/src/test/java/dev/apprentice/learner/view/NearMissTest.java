package dev.apprentice.learner.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.SampleLessons;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NearMissTest {
    @Test
    void theSubjectIsReplacedAndNothingElse() {
        var asked = asked("Who is the mayor of Arlow? I live near \"Arlow\".", Set.of("arlow"));

        assertThat(asked)
                .matches("Who is the mayor of [A-Z][a-z]{5}\\? I live near \"[A-Z][a-z]{5}\"\\.")
                .doesNotContain("Arlow");
        assertThat(asked.substring(20, 26)).isEqualTo(asked.substring(41, 47)).isNotEqualTo("Arlow");
    }

    @Test
    void digitsBecomeOtherDigits() {
        assertThat(asked("What does part 4-117b cost?", Set.of("4-117b")))
                .matches("What does part \\d-\\d{3}b cost\\?")
                .doesNotContain("4-117b");
    }

    @Test
    void itIsTheSameEachTimeAndNoneWhereTheSubjectIsNotSaid() {
        assertThat(asked("Who is the mayor of Arlow?", Set.of("arlow")))
                .isEqualTo(asked("Who is the mayor of Arlow?", Set.of("arlow")));
        assertThat(NearMiss.of(lesson("Who is the mayor of Arlow?"), "brint"::equals))
                .isNull();
    }

    private static String asked(String request, Set<String> subject) {
        var asked = NearMiss.of(
                lesson(request),
                word -> subject.contains(word.toLowerCase(Locale.ROOT).replaceAll("^\\W+|\\W+$", "")));
        return Objects.requireNonNull(asked).getLast().content();
    }

    private static Lesson lesson(String request) {
        return SampleLessons.example(
                "les_1", "job", List.of(ChatMessage.of("user", request)), "Ada Brock", Instant.EPOCH, Map.of());
    }
}
