package dev.apprentice.learner.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The ways in which one request can be put otherwise. What the exam says politely, training never says. */
final class Rewording {
    private static final List<String> TRAINING_OPENINGS = List.of(
            "Hello, ",
            "Hi. ",
            "Good morning. ",
            "Excuse me, ",
            "Hey, ",
            "Dear team, ",
            "A question: ",
            "Please help: ");
    private static final List<String> TRAINING_ENDINGS =
            List.of(" Thanks.", " Thank you!", " Please.", " Kind regards", " Cheers.", " Many thanks in advance.");
    private static final List<String> EXAM_OPENINGS =
            List.of("Good evening, ", "Sorry to bother you: ", "Hi there! ", "May I ask: ");
    private static final List<String> EXAM_ENDINGS =
            List.of(" Thanks a lot for your time.", " Best wishes", " I hope you can help.", " With thanks");

    /** Fewer words than these are all needed. */
    private static final int WORDS_MIN = 4;

    /** Share of the words that an exam view may lack. */
    private static final double EXAM_DROPOUT = 0.1;

    private final List<Word> words;
    private final RandomGenerator random;

    Rewording(List<Word> words, RandomGenerator random) {
        this.words = words;
        this.random = random;
    }

    String forTraining() {
        return switch (random.nextInt(4)) {
            case 0 -> one(TRAINING_OPENINGS) + text(words);
            case 1 -> text(words) + one(TRAINING_ENDINGS);
            case 2 -> text(mistyped(2));
            default -> text(lowerCase());
        };
    }

    String forExam() {
        if (random.nextBoolean()) {
            return one(EXAM_OPENINGS) + text(mistyped(1));
        }
        var shorter = withoutSome(words, EXAM_DROPOUT, random);
        return (shorter == null ? text(words) : shorter) + one(EXAM_ENDINGS);
    }

    /** The words without some of the free ones, or null where there are too few to spare any. */
    static @Nullable String withoutSome(List<Word> words, double share, RandomGenerator random) {
        if (words.size() < WORDS_MIN) {
            return null;
        }
        var kept = words.stream()
                .filter(word -> !word.free() || random.nextDouble() >= share)
                .toList();
        return kept.isEmpty() ? null : text(kept);
    }

    /** Two neighbouring letters swapped inside some words. */
    private List<Word> mistyped(int count) {
        var all = new ArrayList<>(words);
        var candidates = new ArrayList<>(IntStream.range(0, all.size())
                .filter(i -> all.get(i).free() && all.get(i).longEnough())
                .boxed()
                .toList());
        for (int k = 0; k < count && !candidates.isEmpty(); k++) {
            int at = candidates.remove(/* index */ random.nextInt(candidates.size()));
            var text = all.get(at).text();
            int letter = 1 + random.nextInt(text.length() - 2);
            if (!Character.isSurrogate(text.charAt(letter)) && !Character.isSurrogate(text.charAt(letter + 1))) {
                var swapped = text.substring(0, letter)
                        + text.charAt(letter + 1)
                        + text.charAt(letter)
                        + text.substring(letter + 2);
                all.set(at, all.get(at).as(swapped));
            }
        }
        return all;
    }

    private List<Word> lowerCase() {
        return words.stream()
                .map(word -> word.free() ? word.as(word.text().toLowerCase(Locale.ROOT)) : word)
                .toList();
    }

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static String text(List<Word> words) {
        return words.stream()
                .map(word -> word.text() + word.gap())
                .collect(Collectors.joining())
                .strip();
    }
}
