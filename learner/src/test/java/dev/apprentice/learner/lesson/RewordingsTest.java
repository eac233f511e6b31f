package dev.apprentice.learner.lesson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.instance.InstancePatch;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RewordingsTest {
    private static final String OLD = "4.1 %";
    private static final String NEW = "4.7 %";

    @TempDir
    private Path folder;

    @AutoClose
    private LedgerHouse house;

    @BeforeEach
    void open() {
        house = new LedgerHouse(folder);
    }

    @Test
    void aFactThatHasChangedChangesInAllItsWordings() {
        var older = Stream.of(
                        "What is the interest rate?",
                        "How high is our interest rate at the moment?",
                        "Tell me the rate, please.",
                        "Which interest rate do we charge?",
                        "the current rate?",
                        "What rate do customers pay?")
                .map(question -> taught(question, OLD))
                .toList();
        var newer = taught("How high is our interest rate at the moment?", NEW);
        assertThat(older.stream().map(this::now).map(Lesson::state)).containsOnly(LessonState.SUPERSEDED);
        var now = house.ledger().active("apprentice");
        assertThat(now).hasSize(6).allMatch(lesson -> lesson.answer().equals(NEW));
        assertThat(now.stream().map(lesson -> lesson.messages().getFirst().content()))
                .containsExactlyInAnyOrderElementsOf(older.stream()
                        .map(lesson -> lesson.messages().getFirst().content())
                        .toList());
        var first = now(older.getFirst());
        var changed = now.stream()
                .filter(lesson -> first.id().equals(lesson.own().get("changed_from")))
                .findFirst()
                .orElseThrow();
        assertThat(changed.own()).containsEntry("changed_with", newer.id());
        assertThat(first.reason()).isEqualTo("by " + changed.id());
        assertThat(house.seen()).contains("gone " + first.id(), "given " + changed.id());
    }

    @Test
    void whatWeightsHaveLearntIsOverruledByItsNewestCorrection() {
        var first = taught("The rate?", OLD);
        var second = taught("The current rate?", OLD);
        house.carried(Set.of(first.id()), 1);
        taught("The current rate?", NEW);
        var newest = taught("The rate?", "5 %");
        assertThat(newest.unlearns(Set.of(first.id()))).isTrue();
        assertThat(newest.unlearns(Set.of(first.id(), newest.id()))).isFalse();
        assertThat(newest.unlearns(Set.of(second.id()))).isFalse();
    }

    @Test
    void whatChangedWithALessonIsTakenBackWithIt() {
        taught("The rate?", OLD);
        taught("The current rate?", OLD);
        var newer = taught("The current rate?", NEW);
        house.ledger().withdraw(newer.id());
        assertThat(house.ledger().active("apprentice")).isEmpty();
    }

    @Test
    void aWordingThatGetsItsOldAnswerAgainAsksForSomethingElse() {
        taught("The rate?", OLD);
        taught("The current rate?", OLD);
        taught("The current rate?", NEW);
        taught("The rate?", OLD);
        assertThat(house.ledger().active("apprentice").stream().map(Lesson::answer))
                .containsExactlyInAnyOrder(OLD, NEW);
        taught("The current rate?", "5 %");
        assertThat(house.ledger().active("apprentice").stream().map(Lesson::answer))
                .containsExactlyInAnyOrder(OLD, "5 %");
    }

    @Test
    void whatChangesWithALessonWasNotSaid() {
        house.instances().patch("apprentice", new InstancePatch(null, null, Map.of("max_lessons_per_hour", 5)));
        taught("The rate?", OLD);
        taught("The current rate?", OLD);
        taught("The present rate?", OLD);
        taught("The rate?", NEW);
        assertThat(taught("How long?", "10 years").state()).isEqualTo(LessonState.RECORDED);
    }

    @Test
    void aChangeMayCorrectAChange() {
        taught("The rate?", OLD);
        taught("The current rate?", OLD);
        taught("The current rate?", NEW);
        taught("The rate?", "5 %");
        assertThat(house.ledger().active("apprentice").stream().map(Lesson::answer))
                .containsOnly("5 %");
    }

    @Test
    void aThirdWordingJoinsTwo() {
        var first = taught("What rate do we charge now?", OLD);
        var second = taught("Tell me the rate", OLD);
        var terse = taught("The rate?", OLD);
        taught("What rate do we charge now?", NEW);
        assertThat(Stream.of(first, second, terse).map(this::now).map(Lesson::state))
                .containsOnly(LessonState.SUPERSEDED);
    }

    @Test
    void whatNamesSomethingElseStays() {
        taught("What does the lamp cost?", "49 euros");
        var sofa = taught("What does the sofa cost?", "49 euros");
        var arlow = taught("In which year was Arlow founded?", "1987");
        var brint = taught("In which year was Brint founded?", "1987");
        taught("What does the lamp cost?", "59 euros");
        taught("In which year was Arlow founded?", "1988");
        assertThat(Stream.of(sofa, brint).map(this::now).map(Lesson::state)).containsOnly(LessonState.RECORDED);
        assertThat(now(arlow).state()).isEqualTo(LessonState.SUPERSEDED);
    }

    @Test
    void aLabelIsNoFact() {
        taught("My invoice is wrong", "billing");
        var twice = taught("My invoice is wrong twice", "billing");
        taught("My invoice is wrong", "refunds");
        assertThat(now(twice).state()).isEqualTo(LessonState.RECORDED);
    }

    @Test
    void whatMayBeAnotherWordingIsShownAndActsAsBefore() {
        taught("What is the rate?", OLD);
        var perhaps = taught("How much interest do our customers pay?", OLD);
        taught("How long is the term?", "10 years");
        assertThat(house.ledger().perhapsOutdated("apprentice", 10)).isEmpty();
        var newer = taught("What is the rate?", NEW);
        assertThat(house.ledger().perhapsOutdated("apprentice", 10)).isEqualTo(Map.of(perhaps, newer));
        assertThat(house.ledger().perhapsOutdated("apprentice", 0)).isEmpty();
        taught("How much interest do our customers pay?", NEW);
        assertThat(house.ledger().perhapsOutdated("apprentice", 10)).isEmpty();
    }

    @Test
    void aLabelWithANumberIsNoFactEither() {
        var kettle = taught("My kettle leaks", "Desk 4");
        taught("The kettle leaks and hums", "Desk 4");
        taught("My parcel is late", "Desk 7");
        taught("The kettle leaks and hums", "Desk 7");
        assertThat(now(kettle).state()).as("parcels go there, too").isEqualTo(LessonState.RECORDED);

        taught("A lamp flickers", "Desk 2");
        var lamps = Stream.of("Sofas sag", "Carpets fray", "A lamp flickers badly")
                .map(question -> taught(question, "Desk 2"))
                .toList();
        taught("A lamp flickers", "Desk 9");
        assertThat(lamps.stream().map(this::now).map(Lesson::state))
                .as("most of what goes there is of another kind")
                .containsOnly(LessonState.RECORDED);
    }

    @Test
    void whoIsTrustedMoreIsNotOverruled() {
        house.instances()
                .patch("apprentice", new InstancePatch(null, null, Map.of("trust", Map.of("ann", 0.9, "bob", 0.2))));
        var anns = taught("The rate?", OLD);
        var bobs = house.say(example("What is the current rate?", OLD, "bob"));
        house.say(example("What is the current rate?", NEW, "bob"));
        assertThat(now(anns).state()).isEqualTo(LessonState.RECORDED);
        assertThat(now(bobs).state()).isEqualTo(LessonState.SUPERSEDED);
    }

    @Test
    void whatMayNotBeLostMayNotBeLostInItsNewForm() {
        var pinned = taught("The rate?", OLD);
        house.ledger().pin(pinned.id(), true);
        taught("What is the current rate?", OLD);
        taught("What is the current rate?", NEW);
        assertThat(house.ledger().active("apprentice"))
                .filteredOn(Lesson::pinned)
                .extracting(lesson -> lesson.own().get("changed_from"))
                .containsExactly(pinned.id());
    }

    @ParameterizedTest
    @CsvSource({
        "4.1 %, 4.7 %, true",
        "It is 4.1 %., it is 4.7 %, true",
        "4.1 %, 4.1 %., false",
        "4.1 %, it depends, false",
        "Mara Lindqvist, Jonas Weber, true",
        "Billing, Refunds, false",
        "billing, refunds, false",
        "yes, no, false",
    })
    void aValueTakesThePlaceOfAValue(String before, String now, boolean changed) {
        assertThat(Rewordings.valueChanged(before, now)).isEqualTo(changed);
    }

    private Lesson taught(String question, String answer) {
        return house.say(example(question, answer, "ann"));
    }

    private static Feedback.Example example(String question, String answer, String by) {
        return new Feedback.Example("apprentice", List.of(ChatMessage.of("user", question)), answer, by);
    }

    private Lesson now(Lesson lesson) {
        return house.ledger().get(lesson.id());
    }
}
