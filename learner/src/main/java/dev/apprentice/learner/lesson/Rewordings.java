package dev.apprentice.learner.lesson;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The other wordings of a fact that has changed. Who taught a rate in six wordings and corrects it in one of them does
 * not mean five rates: what still gives the old answer to the same question in other words goes, too.
 *
 * <p>A label is no fact: that one complaint belongs to another desk says nothing of the others. So the answer has to be
 * a value, and the new answer another value of the same form, which answers nothing else; and two questions are one
 * only if numbers, quotes and names are equal and one has all words of the other that say something, or, where there
 * are several, both have a word that leads to no other answer; directly or by way of a third wording. A word that is
 * exchanged for another asks for something else: what the lamp costs says nothing of the sofa.
 */
final class Rewordings {
    /** Whoever has taught one answer oftener than that has taught a label. */
    static final int MAX = 64;

    private static final Pattern NAME = Pattern.compile("\\p{Lu}[\\p{L}'’-]*[.,!]?");
    private static final Pattern NUMBER = Pattern.compile("\\p{Nd}+(?:[.,:/-]\\p{Nd}+)*");
    private static final int NAME_WORDS_MIN = 2;

    /** Fewer wordings could be of two things that happen to have the same value. */
    private static final int SEVERAL = 3;

    /** Words that share so many letters at their beginning are forms of one, if one of them ends there. */
    private static final int STEM_MIN = 4;

    private Rewordings() {}

    /**
     * Whether {@code now} is another value of what {@code before} is a value of: a number in the same words, or a name.
     */
    static boolean valueChanged(String before, String now) {
        var old = Value.of(before);
        return !Wording.plain(before).equals(Wording.plain(now))
                && old.isOne()
                && old.form().equals(Value.of(now).form());
    }

    /**
     * Those of {@code alike} that ask what {@code corrected} asks.
     *
     * @param alike lessons with the same answer and the same marks, {@code corrected} among them or not
     * @param elsewhere words of requests that have other answers
     */
    static List<Lesson> of(Lesson corrected, List<Lesson> alike, Set<String> elsewhere) {
        var found = new ArrayList<Lesson>();
        var left = new ArrayList<>(alike);
        left.removeIf(other -> other.id().equals(corrected.id()));
        boolean several = left.size() + 1 >= SEVERAL;
        var reached = new ArrayDeque<Set<String>>();
        reached.add(content(corrected));
        while (!reached.isEmpty()) {
            var from = reached.remove();
            for (var each = left.iterator(); each.hasNext(); ) {
                var other = each.next();
                var words = content(other);
                if (within(from, words) || within(words, from) || (several && sameSubject(from, words, elsewhere))) {
                    each.remove();
                    found.add(other);
                    reached.add(words);
                }
            }
        }
        return found;
    }

    /** The words of a request that say something. */
    static Set<String> content(List<String> words) {
        return words.stream().filter(word -> !FunctionWords.ALL.contains(word)).collect(Collectors.toSet());
    }

    private static Set<String> content(Lesson lesson) {
        return content(Nearness.wordsOf(lesson.messages().getLast().content()));
    }

    private static boolean within(Set<String> few, Set<String> many) {
        return !few.isEmpty() && few.stream().allMatch(word -> knows(many, word));
    }

    /** Whether both have a word that leads to no other answer, and not just one word is exchanged for another. */
    private static boolean sameSubject(Set<String> a, Set<String> b, Set<String> elsewhere) {
        long ownOfA = a.stream().filter(word -> !knows(b, word)).count();
        long ownOfB = b.stream().filter(word -> !knows(a, word)).count();
        return (ownOfA > 1 || ownOfB > 1) && a.stream().anyMatch(word -> knows(b, word) && !knows(elsewhere, word));
    }

    private static boolean knows(Set<String> words, String word) {
        return words.contains(word) || words.stream().anyMatch(other -> formsOfOne(word, other));
    }

    private static boolean formsOfOne(String a, String b) {
        return a.equals(b) || (Math.min(a.length(), b.length()) >= STEM_MIN && (a.startsWith(b) || b.startsWith(a)));
    }

    /**
     * An answer as a form with something in it.
     *
     * @param form its words without what is in them: numbers, or the words of names where there is no number
     * @param number whether there is a number in it
     * @param names of how many words its names are
     */
    private record Value(List<String> form, boolean number, int names) {
        static Value of(String answer) {
            boolean number = answer.chars().anyMatch(Character::isDigit);
            var form = new ArrayList<String>();
            int names = 0;
            for (var word : Marks.of(answer)) {
                if (!number && NAME.matcher(word.text()).matches()) {
                    names++;
                } else {
                    form.add(NUMBER.matcher(Wording.plain(word.text())).replaceAll("#"));
                }
            }
            return new Value(form, number, names);
        }

        boolean isOne() {
            return number || (form.isEmpty() && names >= NAME_WORDS_MIN);
        }
    }
}
