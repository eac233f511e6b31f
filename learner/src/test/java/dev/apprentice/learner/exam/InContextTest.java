package dev.apprentice.learner.exam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.learner.base.FakeBase;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.instance.Policy;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InContextTest {
    private static final Pattern ASKED = Pattern.compile("Which animal does (\\w+) have\\?.*<assistant> ?(.*)");

    private final FakeBase base = new FakeBase();

    /** The base reads its context; the candidate says what stands first. */
    @BeforeEach
    void whatTheySay() {
        base.answers((prompt, by) -> by == null ? right(prompt) : first(prompt));
    }

    @Test
    void answersGoOnFromABeginning() throws InterruptedException {
        base.answers((prompt, _) -> {
            var asked = ASKED.matcher(prompt);
            assertThat(asked.find()).isTrue();
            assertThat(asked.group(2).strip()).isEqualTo(asked.group(1) + " has a");
            return right(prompt);
        });

        assertThat(InContext.found(base, candidate(), InContext.questions()))
                .isEqualTo(new InContext.Found(InContext.questions().size(), 1, 1, 0, 0));
    }

    @Test
    void whoNoLongerReadsTheContextLosesAnswers() throws InterruptedException {
        var all = InContext.questions();

        var found = InContext.found(base, candidate(), all);

        long firstAsked =
                all.stream().filter(text -> right(text).equals(first(text))).count();
        assertThat(found.through()).isEqualTo(all.size());
        assertThat(found.base()).isEqualTo(1);
        assertThat(found.candidate()).isEqualTo(firstAsked / (double) all.size());
        assertThat(found.lost()).isEqualTo((int) (all.size() - firstAsked)).isGreaterThan(all.size() / 2);
        assertThat(found.gained()).isZero();
    }

    @Test
    void whatTheGateKeepsFromTheCandidateIsTheBasesOwn() throws InterruptedException {
        var lost = InContext.questions().stream()
                .filter(text -> !right(text).equals(first(text)))
                .findFirst()
                .orElseThrow();

        var found = InContext.found(base, candidate(), List.of(lost));

        assertThat(found).isEqualTo(new InContext.Found(1, 1, found.candidate(), 1, 0));
        assertThat(InContext.found(base, candidate(), List.of())).isEqualTo(InContext.Found.UNTOUCHED);
    }

    private static String right(String prompt) {
        var asked = Pattern.compile("Which animal does (\\w+) have").matcher(prompt);
        assertThat(asked.find()).isTrue();
        var told = Pattern.compile(asked.group(1) + " has a (\\w+)\\.").matcher(prompt);
        assertThat(told.find()).isTrue();
        return told.group(1);
    }

    private static String first(String prompt) {
        var told = Pattern.compile(" has a (\\w+)\\.").matcher(prompt);
        assertThat(told.find()).isTrue();
        return told.group(1);
    }

    private static Candidate candidate() {
        return PlainCandidate.of(new Instance("job", "", null, Policy.DEFAULT, false, 0, Instant.EPOCH), "digest");
    }
}
