package dev.apprentice.server.bench.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class CourseTest {
    @Test
    void sharesRegretAndTheFirstPlaceThatIsGoodEnough() {
        var course = course("0010111101");

        assertThat(course.share()).isEqualTo(0.6);
        assertThat(course.regret()).isEqualTo(4);
        assertThat(course.share(4, 8)).isEqualTo(1);
        assertThat(course.reaches(1, 4, 0, 10)).isEqualTo(8);
        assertThat(course.reaches(1, 4, 5, 10)).isEqualTo(-1);
        assertThat(course.curve()).hasSize(10).last().isEqualTo(0.6);
    }

    @Test
    void whatIsOlderCountsLess() {
        // (1 + .99 * 0) / (1 + .99)
        assertThat(course("01").fading()).isCloseTo(1 / 1.99, within(1e-12));
    }

    @Test
    void theIntervalOfEqualValuesIsThatValueAndOfOthersLiesWithinThem() {
        assertThat(Summary.interval(List.of(0.5, 0.5, 0.5))).containsOnly(0.5);
        var interval = Summary.interval(List.of(0.2, 0.4, 0.9));
        assertThat(interval[0]).isBetween(0.2, 0.5);
        assertThat(interval[1]).isBetween(0.5, 0.9);
    }

    @Test
    void theClerkIsTheSameForTheSameSeedAndNeverAsksTwice() {
        var one = new Clerk(3);
        var other = new Clerk(3);

        var messages = one.messages(200);

        assertThat(other.messages(200)).isEqualTo(messages);
        assertThat(messages).doesNotHaveDuplicates();
        one.drift();
        assertThat(one.messages(48))
                .extracting(Task::answer)
                .isNotEqualTo(other.messages(48).stream().map(Task::answer).toList());
    }

    private static Course course(String rights) {
        var course = new Course();
        rights.chars().forEach(right -> course.add(right == '1'));
        return course;
    }
}
