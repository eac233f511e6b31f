package dev.apprentice.learner.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.base.FakeBase;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.instance.Policy;
import dev.apprentice.learner.interaction.Guided;
import dev.apprentice.learner.interaction.Spoken;
import dev.apprentice.learner.lesson.Judged;
import dev.apprentice.learner.lesson.LessonKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JudgedItemsTest {
    private static final Instance INSTANCE =
            new Instance(MemoryStore.ID, "", null, Policy.DEFAULT, false, 0, Instant.EPOCH);

    private final FakeBase base = new FakeBase();

    @Test
    void aPairIsTwoAnswersToOneRequestEachWithItsEnd() {
        var made = made(preferred("1", "Red desk", "Blue desk"));

        assertThat(made.items()).singleElement().isInstanceOfSatisfying(JudgedItem.Pair.class, pair -> {
            assertThat(base.text(pair.chosen().tokens())).endsWith("Red desk <stop>");
            assertThat(base.text(pair.rejected().tokens())).endsWith("Blue desk <stop>");
            assertThat(pair.chosen().count()).isEqualTo(3);
        });
    }

    @Test
    void sidesThatDifferInSpacesOnlySayNothingAndTheRestIsStudied() { // CASES C24
        var made = made(preferred("1", "Red  desk", "Red desk"), preferred("2", "Red desk", "Blue desk"));

        assertThat(made.rejected()).containsExactly(Map.entry("1", "both answers are the same to the model"));
        assertThat(made.items()).hasSize(1);
    }

    @Test
    void theEndOfAnAnswerThatWasCutIsNotLearnt() {
        var made = made(liked("1", spoken("Where?", "Red desk and", Guided.FREE, false), true));

        assertThat(base.text(row(made).tokens())).endsWith("Red desk and");
    }

    @Test
    void praiseForOnesOwnWordsTeachesNothing() {
        var made = made(liked(
                "1",
                spoken(
                        "Say this: the blue desk handles all of it",
                        "the blue desk handles all of it",
                        Guided.FREE,
                        true),
                true));

        assertThat(made.rejected()).containsEntry("1", "the answer repeats its request");
        assertThat(made.items()).isEmpty();
    }

    @Test
    void whatLessonsSaidIsNotUnlearntByAThumbOrAPoorReward() {
        var forced = spoken("Where?", "Red desk", Guided.FORCED, true);
        var good = made(liked("1", forced, true));
        var bad = made(liked("1", forced, false), rewarded("2", 0, forced));

        assertThat(good.items()).hasSize(1);
        assertThat(bad.items()).isEmpty();
        assertThat(bad.rejected().get("1")).startsWith("lessons spoke in this answer");
        assertThat(bad.rejected().get("2")).startsWith("lessons spoke in this answer");
    }

    @Test
    void anEmptyAnswerMayBeBadButNotGood() {
        var empty = spoken("Where?", " ", Guided.FREE, true);

        assertThat(made(liked("1", empty, true)).rejected()).containsEntry("1", "the answer is empty");
    }

    @Test
    void rewardsOfOneRequestAreComparedWithEachOther() {
        var made = made(
                rewarded("1", 1, spoken("Where?", "Red desk", Guided.FREE, true)),
                rewarded("2", 0, spoken("where", "Blue desk", Guided.FREE, true)),
                rewarded("3", 1, spoken("Who?", "Ann", Guided.FREE, true)));

        assertThat(made.items())
                .extracting(item -> ((JudgedItem.Grade) item).advantage())
                .satisfiesExactly(
                        first -> assertThat(first).isCloseTo(1, within(1e-9)), // 1 - 0
                        second -> assertThat(second).isCloseTo(-1, within(1e-9)),
                        third -> assertThat(third).isCloseTo(1 - (3.0 / 5 - 0.1), within(1e-9)));
    }

    @Test
    void anEpisodesRewardIsEachOfItsAnswers() {
        var made = made(rewarded(
                "1", 1, spoken("Where?", "Red desk", Guided.FREE, true), spoken("Who?", "Ann", Guided.FREE, true)));

        assertThat(made.items()).hasSize(2).allMatch(item -> item.lesson().id().equals("1"));
    }

    @Test
    void whereAValueFunctionTellsTurnsApartEachHasItsOwnCredit() {
        var where = spoken("Where?", "Red desk", Guided.FREE, true);
        var who = spoken("Who?", "Ann", Guided.FREE, true);
        var when = spoken("When?", "Now", Guided.FREE, true);
        var episode = (Judged.Rewarded) rewarded("1", 1, where, who, when);

        var made = made(
                episode.with(Map.of("chat-Where?", -0.4, "chat-Who?", 0.7, "chat-When?", 0.01)),
                rewarded("2", 1, spoken("Why?", "Because", Guided.FREE, true)));

        assertThat(made.items())
                .extracting(item -> ((JudgedItem.Grade) item).advantage())
                .satisfiesExactly( // the third did what was expected
                        first -> assertThat(first).isEqualTo(-0.4),
                        second -> assertThat(second).isEqualTo(0.7),
                        third -> assertThat(third).isCloseTo(1 - (5.0 / 6 - 0.1), within(1e-9)));
    }

    @Test
    void whatAValueFunctionDoesNotNameHasTheRewardsCredit() {
        var episode = (Judged.Rewarded) rewarded(
                "1", 1, spoken("Where?", "Red desk", Guided.FREE, true), spoken("Who?", "Ann", Guided.FREE, true));

        var made = made(episode.with(Map.of("chat-Where?", -0.4)));

        assertThat(made.items())
                .extracting(item -> ((JudgedItem.Grade) item).advantage())
                .satisfiesExactly(
                        first -> assertThat(first).isEqualTo(-0.4),
                        second -> assertThat(second).isCloseTo(1 - (3.0 / 4 - 0.1), within(1e-9)));
    }

    private JudgedItems.Made made(Judged... judged) {
        return JudgedItems.of(List.of(judged), base, INSTANCE, OpinionPlan.DEFAULT);
    }

    private static JudgedItem.Row row(JudgedItems.Made made) {
        return made.items().getFirst().rows().getFirst();
    }

    static Judged preferred(String id, String chosen, String rejected) {
        return new Judged.Preferred(
                WeighingTest.lesson(id, LessonKind.PREFERENCE, "ann", 1),
                List.of(ChatMessage.of("user", "Where?")),
                List.of(),
                chosen,
                rejected);
    }

    static Judged liked(String id, Spoken answer, boolean good) {
        return new Judged.Liked(WeighingTest.lesson(id, LessonKind.RATING, "ann", 1), answer, good);
    }

    static Judged rewarded(String id, double reward, Spoken... answers) {
        return new Judged.Rewarded(
                WeighingTest.lesson(id, LessonKind.REWARD, "ann", 1),
                Stream.of(answers).toList(),
                reward);
    }

    static Spoken spoken(String question, String answer, Guided guided, boolean ended) {
        return new Spoken(
                "chat-" + question,
                0,
                List.of(ChatMessage.of("user", question)),
                List.of(),
                answer,
                new int[0],
                null,
                guided,
                ended);
    }
}
