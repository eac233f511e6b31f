package dev.apprentice.learner.recall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.sampling.AnswerGuide;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.base.FakeBase;
import dev.apprentice.learner.base.Probes;
import dev.apprentice.learner.lesson.Lesson;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The index is a cache: whatever becomes of it, the ledger has what was in it. */
class IndexFaultTest {
    /** More than so many are searched for on disk. */
    private static final int FEW = 16;

    private static final int LESSONS = 60;
    private static final int NEVER = Integer.MAX_VALUE;
    private static final RecallSettings USUAL = RecallSettings.DEFAULT;

    private final FakeBase base = new FakeBase();
    private final Lessons source = new Lessons();

    @TempDir
    Path folder;

    private Recall recall;

    @BeforeEach
    void open() throws InterruptedException {
        recall = opened(FEW);
        recall.settle();
    }

    @AfterEach
    void close() {
        recall.close();
    }

    private Recall opened(int few) {
        var settings = new RecallSettings(
                USUAL.layers(),
                USUAL.embedTokensMax(),
                USUAL.wordWeight(),
                USUAL.ridge(),
                few,
                32,
                24,
                NEVER, // what a fit beside finds would come between two questions
                USUAL.earlyExamples(),
                USUAL.examples(),
                USUAL.fitQuestionsMax(),
                USUAL.temperatures(),
                USUAL.lambdaMost(),
                USUAL.gateOpenMin());
        return Recall.open(base, Probes.load(), source, settings, folder);
    }

    @ParameterizedTest
    @ValueSource(ints = {FEW, 10 * LESSONS})
    void whatIsDamagedIsMadeAnew(int few) throws Exception {
        teachClerk();
        recall.settle();
        assertVotes();
        recall.close();
        flipABitInEachFile();

        recall = opened(few);
        assertThat(forced(ask("Which desk handles this? parcel late box courier 3")))
                .isEqualTo("Brindlewick");
        recall.settle();

        assertVotes();
    }

    @Test
    void whatIsDamagedWhileItIsLookedUpIsMadeAnew() throws Exception {
        teachClerk();
        recall.settle();
        deleteIndex(); // its files are open yet; the next that is opened is missing
        teach("Which desk handles this? parcel late box courier again", "Brindlewick");
        recall.settle();
        recall.settle(); // a failure that the first found is mended before the second ends

        assertVotes();
        recall.close();
        recall = opened(FEW);
        recall.settle();
        assertVotes();
    }

    @Test
    @Timeout(60)
    void whatIsTakenBackWhileTheIndexIsMadeIsLookedForOnce() throws Exception {
        recall.close();
        teachClerk();
        source.going.add(source.lessons.getFirst().id());
        source.going.add(source.lessons.get(1).id());

        recall = opened(FEW);
        ask("Which desk handles this? plant pot water soil");
        recall.settle();
        recall.settle();

        assertVotes();
        assertThat(source.looksAtGoing).hasValueBetween(1, 2 * source.going.size());
    }

    @Test
    void aRestartLooksAtNoLessonAgain() throws Exception {
        teachClerk();
        recall.settle();
        recall.close();
        base.embedded.clear();

        recall = opened(FEW);
        recall.settle();

        assertThat(seen()).isZero();
        assertVotes();
    }

    @Test
    void anotherArithmeticSeesEverythingAnew() throws Exception {
        teachClerk();
        recall.settle();
        recall.close();
        base.embedded.clear();
        base.dtype = "bf16";

        recall = opened(FEW);
        recall.settle();

        assertThat(seen()).isEqualTo(LESSONS);
        assertVotes();
    }

    @Test
    void afterAKillItCatchesUpWithTheLedger(@TempDir Path before) throws Exception {
        teachClerk();
        recall.settle();
        recall.close();
        copy(index(), before); // what a kill leaves: the index as it was committed last
        recall = opened(FEW);
        var late = teach("Which desk handles this? plant pot water soil", "Fennimore");
        var gone = source.lessons.getFirst();
        source.gone.add(gone.id());
        recall.remove(gone);
        recall.settle();
        recall.close();
        deleteIndex();
        copy(before, index());
        base.embedded.clear();

        recall = opened(FEW);
        recall.settle();

        assertThat(seen()).isEqualTo(1);
        assertThat(near("Which desk handles this? plant pot water soil now")).contains(late.id());
        assertThat(near(gone.messages().getFirst().content() + " now"))
                .isNotEmpty()
                .doesNotContain(gone.id());
    }

    @Test
    void whatIsGoneOfManyActsNoMoreAtOnce() throws Exception {
        teachClerk();
        var gone = teach("Which desk handles this? plant pot water soil", "Fennimore");
        recall.settle();
        assertThat(near("Which desk handles this? plant pot water soil now")).contains(gone.id());

        source.gone.add(gone.id());
        recall.remove(gone);

        assertThat(near("Which desk handles this? plant pot water soil now"))
                .isNotEmpty()
                .doesNotContain(gone.id());
    }

    @Test
    void aDeletedInstanceTakesItsIndexAlong() throws Exception {
        teachClerk();
        recall.settle();
        assertThat(index()).isNotEmptyDirectory();

        recall.drop("support");
        recall.settle();

        assertThat(index()).doesNotExist();
    }

    @Test
    void whatAKillLeftOfADeletedInstanceGoesAtTheNextStart() throws Exception {
        teachClerk();
        recall.settle();
        recall.close();
        source.instances = List.of();

        recall = opened(FEW);
        recall.settle();

        assertThat(index()).doesNotExist();
    }

    /** How many lessons' states were computed. */
    private long seen() {
        return base.embedded.stream()
                .filter(prompt -> prompt.contains("Which desk"))
                .count();
    }

    private void teachClerk() {
        IntStream.range(0, LESSONS / 2).forEach(i -> {
            teach("Which desk handles this? parcel late box courier " + i, "Brindlewick");
            teach("Which desk handles this? invoice money fee card " + i, "Quillmere");
        });
    }

    private void assertVotes() {
        assertThat(voted("Which desk handles this? parcel late box courier now"))
                .isEqualTo("Brindlewick <stop>");
        assertThat(voted("Which desk handles this? invoice money fee card now")).isEqualTo("Quillmere <stop>");
    }

    private Lesson teach(String question, String answer) {
        var lesson = source.teach("support", question, answer);
        recall.add(lesson);
        return lesson;
    }

    private Recalled ask(String question) {
        return recall.recall("support", List.of(ChatMessage.of("user", question)), List.of(), RecallWish.all());
    }

    private List<String> near(String question) {
        return ask(question).lessons();
    }

    private String voted(String question) {
        var prior = (AnswerGuide.Prior) ask(question).guide();
        var best = prior.answers().stream()
                .max((a, b) -> Double.compare(a.weight(), b.weight()))
                .orElseThrow();
        return base.text(best.tokens().stream().mapToInt(Integer::intValue).toArray());
    }

    private String forced(Recalled found) {
        var answer = ((AnswerGuide.Forced) found.guide()).answer();
        return base.text(answer.stream().mapToInt(Integer::intValue).toArray());
    }

    private Path index() {
        return folder.resolve("index").resolve("support");
    }

    private void flipABitInEachFile() throws IOException {
        try (var files = Files.list(index())) {
            for (var file : files.toList()) {
                var bytes = Files.readAllBytes(file);
                if (bytes.length > 0) {
                    bytes[bytes.length / 2] ^= 1;
                    Files.write(file, bytes);
                }
            }
        }
    }

    private void deleteIndex() throws IOException {
        try (var files = Files.list(index())) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(String.valueOf(from.relativize(file))));
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
