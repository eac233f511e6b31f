package dev.apprentice.learner.view;

import dev.apprentice.engine.Seams;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.lesson.Lesson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;

/**
 * The wordings of one lesson's request: each is the request with its last user message reworded.
 *
 * @param training to train on, besides the request as it was asked
 * @param exam to examine with
 */
public record Views(List<List<ChatMessage>> training, List<List<ChatMessage>> exam) {
    /** How many wordings there are to train on (docs/learning.md: four to eight). */
    private static final int TRAINING = 6;

    /** How many there are to examine with. */
    private static final int EXAM = 2;

    /** How often another try is made for a wording that is new. */
    private static final int TRIES = 12;

    public Views {
        training = List.copyOf(training);
        exam = List.copyOf(exam);
    }

    /** The views of {@code lesson}: always the same for the same lesson. */
    public static Views of(Lesson lesson) {
        int at = lastUser(lesson.messages());
        if (at < 0) {
            return new Views(List.of(), List.of());
        }
        var request = lesson.messages().get(at).content();
        var random = Seams.random(seed(lesson));
        var rewording = new Rewording(Word.of(request, lesson.answer()), random);
        Set<String> taken = new HashSet<>(Set.of(request));
        var exam = wordings(EXAM, taken, rewording::forExam);
        var training = wordings(TRAINING, taken, rewording::forTraining);
        return new Views(placed(training, lesson, at), placed(exam, lesson, at));
    }

    /**
     * One wording to train on: mostly the request itself, sometimes a view, and either with some words left out.
     *
     * @param viewShare how often it is a view
     * @param wordDropout share of the free words that are left out
     */
    public List<ChatMessage> draw(Lesson lesson, double viewShare, double wordDropout, RandomGenerator random) {
        var messages = !training.isEmpty() && random.nextDouble() < viewShare
                ? training.get(random.nextInt(training.size()))
                : lesson.messages();
        int at = lastUser(messages);
        if (at < 0) {
            return messages;
        }
        var words = Word.of(messages.get(at).content(), lesson.answer());
        var dropped = Rewording.withoutSome(words, wordDropout, random);
        return dropped == null ? messages : replaced(messages, at, dropped);
    }

    private static List<String> wordings(int count, Set<String> taken, Supplier<String> make) {
        var made = new ArrayList<String>();
        for (int tries = 0; tries < TRIES * count && made.size() < count; tries++) {
            var wording = make.get();
            if (taken.add(wording)) {
                made.add(wording);
            }
        }
        return made;
    }

    private static List<List<ChatMessage>> placed(List<String> wordings, Lesson lesson, int at) {
        return wordings.stream()
                .map(wording -> replaced(lesson.messages(), at, wording))
                .toList();
    }

    static List<ChatMessage> replaced(List<ChatMessage> messages, int at, String content) {
        var all = new ArrayList<>(messages);
        var old = messages.get(at);
        all.set(at, new ChatMessage(old.role(), content, old.name(), old.toolCalls(), old.toolCallId()));
        return List.copyOf(all);
    }

    static int lastUser(List<ChatMessage> messages) {
        int at = messages.size() - 1;
        while (at >= 0
                && (!messages.get(at).role().equals("user")
                        || messages.get(at).content().isBlank())) {
            at--;
        }
        return at;
    }

    /** By what was taught, not by its id, so that the same lessons give the same study. */
    static long seed(Lesson lesson) {
        var crc = new CRC32C();
        lesson.messages().forEach(message -> crc.update(message.content().getBytes(StandardCharsets.UTF_8)));
        crc.update(lesson.answer().getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }
}
