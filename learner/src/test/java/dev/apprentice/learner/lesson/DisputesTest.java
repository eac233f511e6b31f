package dev.apprentice.learner.lesson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.ConflictException;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.instance.InstancePatch;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DisputesTest {
    private static final String QUESTION = "Where do I return a parcel?";
    private static final String NEAR = "Where do I return a parcel today?";

    @TempDir
    private Path folder;

    @AutoClose
    private LedgerHouse house;

    @BeforeEach
    void open() {
        house = new LedgerHouse(folder);
    }

    @Test
    void aNewerWordOnNearlyTheSameRequestSupersedes() {
        var older = taught(QUESTION, "Blue desk", "ann");
        var newer = taught("Please, where do I retrun the parcel", "Red desk", "bob");
        assertThat(newer.state()).isEqualTo(LessonState.RECORDED);
        assertThat(now(older).state()).isEqualTo(LessonState.SUPERSEDED);
        assertThat(now(older).reason()).isEqualTo("by " + newer.id());
        assertThat(house.seen()).endsWith("gone " + older.id(), "given " + newer.id());
    }

    @Test
    void whatIsMerelyNearAndContradictsIsHeldAndActsOnNothing() {
        var older = taught(QUESTION, "Blue desk", "ann");
        var held = taught(NEAR, "Red desk", "ann");
        assertThat(held.state()).isEqualTo(LessonState.HELD);
        assertThat(held.reason()).isEqualTo("nearly the request of " + older.id() + ", with another answer");
        assertThat(now(older).state()).isEqualTo(LessonState.RECORDED);
        assertThat(house.seen()).containsExactly("given " + older.id());
        assertThat(house.ledger().active("apprentice")).containsExactly(older);
        house.reopen();
        assertThat(now(held)).isEqualTo(held);
    }

    @Test
    void whatIsNearAndSaysTheSameStandsBesideIt() {
        taught(QUESTION, "Blue desk", "ann");
        assertThat(taught(NEAR, "blue desk.", "ann").state()).isEqualTo(LessonState.RECORDED);
        assertThat(taught("Where do I return a hat?", "Red desk", "ann").state())
                .isEqualTo(LessonState.RECORDED);
        assertThat(house.ledger().active("apprentice")).hasSize(3);
    }

    @Test
    void whoSaysItAgainMeansIt() {
        var older = taught(QUESTION, "Blue desk", "ann");
        var held = taught(NEAR, "Red desk", "ann");
        var again = taught(NEAR, "Red desk", "ann");
        assertThat(again.id()).isEqualTo(held.id());
        assertThat(again.state()).isEqualTo(LessonState.RECORDED);
        assertThat(again.reason()).isNull();
        assertThat(now(older).state()).isEqualTo(LessonState.RECORDED);
        assertThat(house.seen()).endsWith("given " + held.id());
        assertThat(taught(NEAR, "Green desk", "ann").state())
                .as("that the two requests are different is decided")
                .isEqualTo(LessonState.RECORDED);
        assertThat(now(held).state()).isEqualTo(LessonState.SUPERSEDED);
    }

    @Test
    void whatWasContradictedAndIsTakenBackFreesWhatIsHeld() {
        var older = taught(QUESTION, "Blue desk", "ann");
        var held = taught(NEAR, "Red desk", "ann");
        house.ledger().withdraw(older.id());
        assertThat(now(held).state()).isEqualTo(LessonState.RECORDED);
        assertThat(house.seen()).endsWith("gone " + older.id(), "given " + held.id());
    }

    @Test
    void whatIsContradictedAnewStaysHeld() {
        taught(QUESTION, "Blue desk", "ann");
        var held = taught(NEAR, "Red desk", "ann");
        var newer = taught(QUESTION, "Green desk", "ann");
        assertThat(now(held).state()).isEqualTo(LessonState.HELD);
        assertThat(now(held).reason()).contains(newer.id());
        taught(QUESTION, "Red desk", "ann");
        assertThat(now(held).state()).isEqualTo(LessonState.RECORDED);
    }

    @Test
    void aPersonMayLetBothHold() {
        var older = taught(QUESTION, "Blue desk", "ann");
        var held = taught(NEAR, "Red desk", "ann");
        assertThat(house.ledger().release(held.id()).state()).isEqualTo(LessonState.RECORDED);
        assertThatThrownBy(() -> house.ledger().release(held.id())).isInstanceOf(ConflictException.class);
        assertThat(house.ledger().active("apprentice")).hasSize(2).contains(older);
    }

    @Test
    void whoIsTrustedLessDoesNotSpeakOverWhoIsTrustedMore() {
        trust(Map.of("ann", 0.9, "bob", 0.2));
        house.asked("chat-1", QUESTION, "no idea");
        var anns = house.correct("chat-1", "Blue desk", "ann");
        var bobs = house.correct("chat-1", "Red desk", "bob");
        assertThat(bobs.state()).isEqualTo(LessonState.HELD);
        assertThat(bobs.reason()).isEqualTo("contradicts " + anns.id() + ", whose teacher is trusted more");
        assertThat(house.correct("chat-1", "Red desk", "bob").state())
                .as("saying it again is no reason")
                .isEqualTo(LessonState.HELD);
        assertThat(house.ledger().active("apprentice")).containsExactly(anns);
        assertThat(house.ledger().tested("apprentice"))
                .extracting(Tested::lesson)
                .containsExactly(anns.id());
        house.ledger().withdraw(anns.id());
        assertThat(now(bobs).state()).isEqualTo(LessonState.RECORDED);
    }

    @Test
    void whoIsTrustedMoreSpeaksOverWhoIsTrustedLess() {
        trust(Map.of("ann", 0.9, "bob", 0.2));
        house.asked("chat-1", QUESTION, "no idea");
        var bobs = house.correct("chat-1", "Red desk", "bob");
        assertThat(house.correct("chat-1", "Blue desk", "ann").state()).isEqualTo(LessonState.RECORDED);
        assertThat(now(bobs).state()).isEqualTo(LessonState.SUPERSEDED);
    }

    @Test
    void ofAHeldLessonNothingIsToldWhileItsInstanceIsFrozen() {
        var older = taught(QUESTION, "Blue desk", "ann");
        var held = taught(NEAR, "Red desk", "ann");
        house.instances().freeze("apprentice");
        house.ledger().withdraw(older.id());
        assertThat(now(held).state()).isEqualTo(LessonState.RECORDED);
        assertThat(house.seen()).doesNotContain("given " + held.id());
    }

    private void trust(Map<String, Double> teachers) {
        house.instances().patch("apprentice", new InstancePatch(null, null, Map.of("trust", teachers)));
    }

    private Lesson taught(String question, String answer, String by) {
        return house.say(new Feedback.Example("apprentice", List.of(ChatMessage.of("user", question)), answer, by));
    }

    private Lesson now(Lesson lesson) {
        return house.ledger().get(lesson.id());
    }
}
