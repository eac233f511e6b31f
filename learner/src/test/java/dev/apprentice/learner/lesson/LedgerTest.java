package dev.apprentice.learner.lesson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.ConflictException;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.OverloadedException;
import dev.apprentice.engine.UnprocessableException;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.instance.InstancePatch;
import dev.apprentice.learner.interaction.AnswerState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
    @TempDir
    private Path folder;

    @AutoClose
    private LedgerHouse house;

    @BeforeEach
    void open() {
        house = new LedgerHouse(folder);
    }

    @Test
    void aCorrectionBecomesALesson() {
        house.asked("chat-1", "Where is my parcel?", "I am a language model.");
        var lesson = house.correct("chat-1", "Blue desk", "ann");

        assertThat(lesson.id()).startsWith("les_");
        assertThat(lesson.state()).isEqualTo(LessonState.RECORDED);
        assertThat(lesson.instance()).isEqualTo("apprentice");
        assertThat(lesson.messages()).containsExactly(ChatMessage.of("user", "Where is my parcel?"));
        assertThat(lesson.said()).isEqualTo("I am a language model.");
        assertThat(house.ledger().get(lesson.id())).isEqualTo(lesson);
        assertThat(house.seen()).containsExactly("given " + lesson.id());
        house.reopen();
        assertThat(house.ledger().get(lesson.id())).isEqualTo(lesson);
    }

    @Test
    void anExampleBecomesALesson() {
        var lesson = house.ledger()
                .give(
                        new Feedback.Example(
                                "apprentice", List.of(ChatMessage.of("user", "Hello?")), "Good day!", "ann"),
                        null,
                        "local");
        assertThat(lesson.kind()).isEqualTo(LessonKind.EXAMPLE);
        assertThat(lesson.said()).isNull();
        assertThat(lesson.interaction()).isNull();
    }

    /** What recall's index is made and mended from. */
    @Test
    void whereLessonsStandIsToldOfThoseThatHold() {
        var first = taught("Where is my parcel?", "Blue desk");
        var second = taught("Where is my money?", "Red desk");
        var newer = taught("Where is my parcel?", "Green desk");
        var gone = taught("Where is my box?", "Blue desk");
        house.ledger().recalled(List.of(second.id()));
        house.ledger().withdraw(gone.id());
        house.reopen();

        var places = new ArrayList<Place>();
        house.ledger().places("apprentice", places::add);
        assertThat(places).extracting(Place::id).containsExactly(second.id(), newer.id());
        assertThat(places).extracting(Place::state).containsExactly(LessonState.RECALLED, LessonState.RECORDED);
        assertThat(places).extracting(Place::sequence).isSorted().doesNotHaveDuplicates();
        assertThat(places.getLast().same()).isEqualTo(Same.key(newer.messages()));

        var asked = List.of(newer.id(), gone.id(), first.id(), second.id(), "les_none");
        var placed = house.ledger().placed("apprentice", asked);
        assertThat(placed).extracting(it -> it.lesson().id()).containsExactly(second.id(), newer.id());
        assertThat(placed)
                .extracting(Placed::sequence)
                .isEqualTo(places.stream().map(Place::sequence).toList());
        assertThat(house.ledger().placed("apprentice", List.of())).isEmpty();
        assertThat(house.ledger().placed("another", asked)).isEmpty();

        assertThat(house.ledger().exact("apprentice", Same.key(first.messages())))
                .hasValueSatisfying(lesson -> assertThat(lesson.id()).isEqualTo(newer.id()));
        assertThat(house.ledger().exact("apprentice", Same.key(gone.messages())))
                .isEmpty();
        assertThat(house.ledger().exact("another", Same.key(first.messages()))).isEmpty();
    }

    private Lesson taught(String question, String answer) {
        return house.ledger()
                .give(
                        new Feedback.Example("apprentice", List.of(ChatMessage.of("user", question)), answer, "ann"),
                        null,
                        "local");
    }

    @Test
    void callsOfToolsAreKeptAsTheyWere() {
        var call = Map.<String, Object>of(
                "id", "c1", "type", "function", "function", Map.of("name", "find", "arguments", Map.of("depth", 2)));
        var asked = List.of(
                ChatMessage.of("user", "Where is my parcel?"),
                new ChatMessage("assistant", "", null, List.of(call), null),
                new ChatMessage("tool", "{\"place\": \"Hall 3\"}", "find", List.of(), "c1"));
        var lesson = house.ledger().give(new Feedback.Example("apprentice", asked, "In hall 3.", "ann"), null, "local");
        house.reopen();
        assertThat(house.ledger().get(lesson.id()).messages()).isEqualTo(asked);
    }

    @Test
    void feedbackOnWhatNeverWasNamesTheInteraction() {
        assertThatThrownBy(() -> house.correct("chat-0", "Blue desk", "ann"))
                .isInstanceOfSatisfying(
                        NotFoundException.class, e -> assertThat(e.field()).isEqualTo("interaction"));
    }

    @Test
    void theBaseDoesNotLearnAndSaysWhichFieldToChange() {
        house.askedBase("chat-1", "Where is my parcel?");
        assertThatThrownBy(() -> house.correct("chat-1", "Blue desk", "ann"))
                .isInstanceOf(UnprocessableException.class)
                .hasMessageContaining("the base does not learn")
                .extracting(e -> ((ApprenticeException) e).field())
                .isEqualTo("model");
    }

    @Test
    void whoDeclinedLearningIsNotTaughtFrom() {
        house.askedWithoutLearning("chat-1", "Where is my parcel?");
        assertThatThrownBy(() -> house.correct("chat-1", "Blue desk", "ann"))
                .isInstanceOf(UnprocessableException.class)
                .hasMessageContaining("apprentice.learn");
    }

    @Test
    void whatNobodyCouldLearnIsRefusedByField() {
        house.asked("chat-1", "Where is my parcel?", "no idea");
        refused("answer", () -> house.correct("chat-1", "", "ann"));
        refused("answer", () -> house.correct("chat-1", " \n", "ann"));
        refused("answer", () -> house.correct("chat-1", "half \ud83d", "ann"));
        refused("answer", () -> house.correct("chat-1", "x".repeat(LedgerHouse.WINDOW + 1), "ann"));
        refused("by", () -> house.correct("chat-1", "Blue desk", ""));
        refused(
                "choice",
                () -> house.ledger().give(new Feedback.Correction("chat-1", 1, "Blue desk", "ann"), null, "local"));
        refused(
                "messages",
                () -> house.ledger()
                        .give(new Feedback.Example("apprentice", List.of(), "Blue desk", "ann"), null, "local"));
        refused(
                "messages",
                () -> house.ledger()
                        .give(
                                new Feedback.Example(
                                        "apprentice",
                                        List.of(ChatMessage.of("assistant", "Hello")),
                                        "Blue desk",
                                        "ann"),
                                null,
                                "local"));
        assertThat(house.ledger().counts("apprentice")).isEmpty();
    }

    @Test
    void anAnswerThatStillStreamsMayBeCorrectedAndIsJudgedAtItsEnd() {
        house.askedOnly("chat-1", "Where is my parcel?");
        var lesson = house.correct("chat-1", "Blue desk", "ann");
        assertThat(lesson.said()).isNull();
        assertThat(house.ledger().tested("apprentice")).isEmpty();
        house.answered("chat-1", "blue desk.", AnswerState.FINISHED);
        assertThat(house.ledger().get(lesson.id()).said()).isEqualTo("blue desk.");
        assertThat(house.ledger().tested("apprentice"))
                .extracting(Tested::passed)
                .containsExactly(true);
    }

    @Test
    void aFailedAnswerIsNotTaughtFrom() {
        house.askedOnly("chat-1", "Where is my parcel?");
        house.answered("chat-1", "Blu", AnswerState.FAILED);
        var lesson = house.correct("chat-1", "Blue desk", "ann");
        assertThat(lesson.said()).isNull();
        assertThat(house.ledger().tested("apprentice")).isEmpty();
    }

    @Test
    void twentyTimesTheSameUnderOneKeyIsOneLesson() throws Exception {
        house.asked("chat-1", "Where is my parcel?", "no idea");
        var feedback = new Feedback.Correction("chat-1", 0, "Blue desk", "ann");
        var ids = new HashSet<String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = IntStream.range(0, 20)
                    .mapToObj(_ -> threads.submit(() -> house.ledger().give(feedback, "key-1", "local")))
                    .toList();
            for (var call : calls) {
                ids.add(call.get().id());
            }
        }
        house.reopen();
        ids.add(house.ledger().give(feedback, "key-1", "local").id());
        assertThat(ids).hasSize(1);
        assertThat(house.ledger().counts("apprentice")).isEqualTo(Map.of(LessonState.RECORDED, 1));
        assertThat(house.seen()).hasSize(1);
    }

    @Test
    void aKeyIsForOnePieceOfFeedbackForADayInItsScope() {
        house.asked("chat-1", "Where is my parcel?", "no idea");
        house.give("chat-1", "Blue desk", "key-1", "local");
        assertThatThrownBy(() -> house.give("chat-1", "Red desk", "key-1", "local"))
                .isInstanceOfSatisfying(
                        UnprocessableException.class, e -> assertThat(e.field()).isEqualTo("Idempotency-Key"));
        assertThat(house.give("chat-1", "Red desk", "key-1", "other").answer()).isEqualTo("Red desk");
        house.time().pass(Duration.ofHours(24));
        assertThat(house.give("chat-1", "Green desk", "key-1", "local").answer())
                .isEqualTo("Green desk");
    }

    @Test
    void withoutAKeyARepeatAddsNoSecondLesson() {
        house.asked("chat-1", "Where is my parcel?", "no idea");
        house.asked("chat-2", "where is my parcel", "no idea");
        var first = house.correct("chat-1", "Blue desk", "ann");
        assertThat(house.correct("chat-1", "Blue desk", "ann").id()).isEqualTo(first.id());
        assertThat(house.correct("chat-2", "Blue desk", "ann").id()).isEqualTo(first.id());
        assertThat(house.ledger().counts("apprentice")).isEqualTo(Map.of(LessonState.RECORDED, 1));
    }

    @Test
    void aThousandCopiesOfOneWordAreOneLesson() {
        var copies = java.util.Collections.nCopies(
                1000,
                new Feedback.Example(
                        "apprentice", List.of(ChatMessage.of("user", "Where is my parcel?")), "Blue desk", "ann"));

        var imported = house.ledger().giveAll(copies);

        assertThat(imported.added()).isEqualTo(1);
        assertThat(house.ledger().counts("apprentice")).isEqualTo(Map.of(LessonState.RECORDED, 1));
    }

    @Test
    void everyLanguageAndEveryCharacterIsKeptAsItWasSaid() {
        var odd = "東京の窓口 — Büro Ñandú 🙂 \u0000\u0007\u202E end\r\n\t";
        house.asked("chat-1", "Где моя посылка?", "no idea");

        var lesson = house.correct("chat-1", odd, "ann");

        house.reopen();
        assertThat(house.ledger().get(lesson.id()).answer()).isEqualTo(odd);
        assertThat(house.ledger().get(lesson.id()).messages().getLast().content())
                .isEqualTo("Где моя посылка?");
    }

    @Test
    void theLastWordOfATeacherCounts() {
        house.asked("chat-1", "Where is my parcel?", "no idea");
        var first = house.correct("chat-1", "Red desk", "ann");
        var last = house.correct("chat-1", "Blue desk", "ann");
        assertThat(house.ledger().get(first.id()).state()).isEqualTo(LessonState.SUPERSEDED);
        assertThat(house.ledger().get(first.id()).reason()).contains(last.id());
        assertThat(house.ledger().active("apprentice")).extracting(Lesson::id).containsExactly(last.id());
        assertThat(house.seen()).containsExactly("given " + first.id(), "gone " + first.id(), "given " + last.id());
        assertThat(house.ledger().tested("apprentice")).hasSize(1);
    }

    @Test
    void aNewerWordOnTheSameRequestSupersedesWhoeverSaidTheOlder() {
        house.asked("chat-1", "What is the rate?", "no idea");
        house.asked("chat-2", " what IS the rate", "no idea");
        house.asked("chat-3", "What is the rate for members?", "no idea");
        var old = house.correct("chat-1", "4.1 %", "ann");
        var near = house.correct("chat-3", "3.9 %", "ann");
        house.ledger().pin(old.id(), true);
        var now = house.correct("chat-2", "4.7 %", "bob");
        assertThat(house.ledger().active("apprentice")).extracting(Lesson::id).containsExactly(near.id(), now.id());
        assertThat(now.pinned()).isTrue(); // what may never be lost is now this
    }

    @Test
    void anotherInstancesLessonsAreUntouched() {
        house.instances().create(dev.apprentice.learner.instance.InstanceDraft.of("other"));
        var example = List.of(ChatMessage.of("user", "What is the rate?"));
        var ours = house.ledger().give(new Feedback.Example("apprentice", example, "4.1 %", "ann"), null, "local");
        house.ledger().give(new Feedback.Example("other", example, "4.7 %", "ann"), null, "local");
        assertThat(house.ledger().get(ours.id()).state()).isEqualTo(LessonState.RECORDED);
    }

    @Test
    void withdrawnIsWithdrawnForGood() {
        house.asked("chat-1", "Where is my parcel?", "no idea");
        var lesson = house.correct("chat-1", "Blue desk", "ann");
        assertThat(house.ledger().withdraw(lesson.id()).state()).isEqualTo(LessonState.WITHDRAWN);
        assertThat(house.ledger().withdraw(lesson.id()).state()).isEqualTo(LessonState.WITHDRAWN);
        house.ledger().recalled(List.of(lesson.id()));
        house.reopen();
        assertThat(house.ledger().get(lesson.id()).state()).isEqualTo(LessonState.WITHDRAWN);
        assertThat(house.ledger().active("apprentice")).isEmpty();
        assertThatThrownBy(() -> house.ledger().pin(lesson.id(), true)).isInstanceOf(ConflictException.class);
        assertThat(house.correct("chat-1", "Blue desk", "ann").id()).isNotEqualTo(lesson.id());
    }

    @Test
    void aFrozenInstanceRecordsOnly() {
        house.asked("chat-1", "Where is my parcel?", "no idea");
        house.instances().freeze("apprentice");
        var lesson = house.correct("chat-1", "Blue desk", "ann");
        assertThat(lesson.state()).isEqualTo(LessonState.RECORDED);
        assertThat(house.seen()).isEmpty();
    }

    @Test
    void aTeacherHasAsManyLessonsAnHourAsThePolicySays() {
        house.instances().patch("apprentice", new InstancePatch(null, null, Map.of("max_lessons_per_hour", 1)));
        house.asked("chat-1", "Where is my parcel?", "no idea");
        house.asked("chat-2", "Where is my invoice?", "no idea");
        house.correct("chat-1", "Blue desk", "ann");
        house.correct("chat-1", "Blue desk", "ann"); // a repeat is no lesson
        assertThatThrownBy(() -> house.correct("chat-2", "Red desk", "ann")).isInstanceOf(OverloadedException.class);
        house.correct("chat-2", "Red desk", "bob");
        house.time().pass(Duration.ofHours(2));
        house.correct("chat-2", "Green desk", "ann");
    }

    @Test
    void textsThatAreNotStoredTeachForAnHour() {
        house.instances().patch("apprentice", new InstancePatch(null, null, Map.of("store_messages", false)));
        house.asked("chat-1", "Where is my parcel?", "no idea");
        assertThat(house.correct("chat-1", "Blue desk", "ann").said()).isEqualTo("no idea");
        house.time().pass(Duration.ofHours(2));
        assertThatThrownBy(() -> house.correct("chat-1", "Red desk", "bob")).isInstanceOf(ConflictException.class);
    }

    @Test
    void lessonsAreListedByWhatIsAskedFor() {
        house.asked("chat-1", "Where is my parcel?", "no idea");
        house.asked("chat-2", "Where is my invoice?", "no idea");
        var parcel = house.correct("chat-1", "Blue desk", "ann");
        var invoice = house.correct("chat-2", "Red desk", "bob");
        house.ledger().withdraw(parcel.id());
        var all = house.ledger().list(LessonFilter.of("apprentice"), null, 1);
        assertThat(all.data()).extracting(Lesson::id).containsExactly(parcel.id());
        assertThat(house.ledger()
                        .list(LessonFilter.of("apprentice"), all.next(), 1)
                        .data())
                .extracting(Lesson::id)
                .containsExactly(invoice.id());
        var withdrawn = new LessonFilter(null, LessonState.WITHDRAWN, null);
        assertThat(house.ledger().list(withdrawn, null, 9).data())
                .extracting(Lesson::id)
                .containsExactly(parcel.id());
        var bobs = new LessonFilter(null, null, "bob");
        assertThat(house.ledger().list(bobs, null, 9).data())
                .extracting(Lesson::id)
                .containsExactly(invoice.id());
    }

    @Test
    void whatTheLiveCheckpointCarriesIsLive() {
        house.asked("chat-1", "Where is my parcel?", "no idea");
        house.asked("chat-2", "Where is my invoice?", "no idea");
        var parcel = house.correct("chat-1", "Blue desk", "ann");
        var invoice = house.correct("chat-2", "Red desk", "ann");
        house.carried(java.util.Set.of(parcel.id()), 1);
        house.carried(java.util.Set.of(parcel.id(), invoice.id()), 2);
        assertThat(house.ledger().get(parcel.id()).checkpoint()).isEqualTo(1);
        assertThat(house.ledger().get(invoice.id()).checkpoint()).isEqualTo(2);
        house.carried(java.util.Set.of(parcel.id()), 1); // rolled back
        assertThat(house.ledger().get(parcel.id()).state()).isEqualTo(LessonState.LIVE);
        assertThat(house.ledger().get(invoice.id()).state()).isEqualTo(LessonState.RECALLED);
    }

    private static void refused(String field, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfAny(InvalidRequestException.class, UnprocessableException.class)
                .extracting(e -> ((ApprenticeException) e).field())
                .isEqualTo(field);
    }
}
