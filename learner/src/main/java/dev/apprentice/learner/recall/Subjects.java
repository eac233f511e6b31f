package dev.apprentice.learner.recall;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What lessons are about, where that alone decides their answers: "Who is the mayor of Arlow?" and "Who is the mayor of
 * Brint?" are twins, which differ in a word or two and in their answers, so a request that names neither town is one
 * that nobody taught, however like a lesson it looks (a near miss; locality in the sense of Mitchell et al. 2022).
 *
 * <p>A job of judgement is the opposite: its twins have the same answer ("Is the lamp in stock?", "Is the sofa in
 * stock?"), or one that is made of what differs (an order's number in another form). So subjects count only if most
 * twins of an instance disagree. Immutable.
 */
final class Subjects {
    /** Twins differ in so many words at most, to either side. */
    private static final int APART_MAX = 2;

    /** And share so many at least. */
    private static final int SHARED_MIN = 2;

    /** A longer request is not compared: its twins would be chance. */
    private static final int WORDS_MAX = 24;

    /** A longer one may differ in one word only: there are many ways to leave out two. */
    private static final int WORDS_SHORT = 16;

    /** This share of all twins must disagree. */
    private static final double APART = 2.0 / 3;

    /** So many must disagree at least, or it may be chance. */
    private static final int PAIRS_MIN = 3;

    /** Of those that are alike but for the same words, so many are compared with each other. */
    private static final int ALIKE_MAX = 64;

    /** None: requests are judged by their likeness alone. */
    static final Subjects NONE = new Subjects(List.of());

    private final List<Set<String>> own;

    private Subjects(List<Set<String>> own) {
        this.own = own;
    }

    /** Those of {@code entries}, empty for a lesson that has none. */
    static Subjects of(List<Entry> entries) {
        var alike = alike(entries);
        var own = new ArrayList<Set<String>>();
        entries.forEach(_ -> own.add(new HashSet<>()));
        int twins = 0;
        int apart = 0;
        for (long pair : pairs(alike)) {
            var a = entries.get((int) (pair >> Integer.SIZE));
            var b = entries.get((int) pair);
            var words = difference(a, b);
            var others = difference(b, a);
            if (words.isEmpty() || others.isEmpty()) {
                continue; // more is said of the same
            }
            twins++;
            if (!a.answer().equals(b.answer()) && !made(a.answer(), words) && !made(b.answer(), others)) {
                apart++;
                own.get((int) (pair >> Integer.SIZE)).addAll(words);
                own.get((int) pair).addAll(others);
            }
        }
        return apart >= PAIRS_MIN && apart >= APART * twins
                ? new Subjects(own.stream().map(Set::copyOf).toList())
                : NONE;
    }

    /** Whether {@link #of} might find that lesson {@code entry} is about something: quick, and never wrongly no. */
    static boolean mayHave(List<Entry> entries, int entry) {
        var one = entries.get(entry);
        return entries.stream()
                .anyMatch(other -> !one.answer().equals(other.answer())
                        && nearlyWithin(one.question().words(), other.question().words())
                        && nearlyWithin(other.question().words(), one.question().words()));
    }

    /** Whether {@code words} lack no more of {@code others} than twins do. */
    private static boolean nearlyWithin(Set<String> others, Set<String> words) {
        int lacking = 0;
        for (var word : others) {
            if (!words.contains(word) && ++lacking > APART_MAX) {
                return false;
            }
        }
        return true;
    }

    /**
     * Lessons that are the same but for one or two words, by a number that stands for what they share: the sum of the
     * words' hashes, so that leaving words out is a subtraction.
     */
    private static Map<Long, List<Integer>> alike(List<Entry> entries) {
        var alike = new HashMap<Long, List<Integer>>();
        for (int e = 0; e < entries.size(); e++) {
            var words = entries.get(e).question().words();
            boolean taught = !entries.get(e).answer().isEmpty(); // an answer that was only judged teaches nothing
            if (!taught || words.size() <= SHARED_MIN || words.size() > WORDS_MAX) {
                continue;
            }
            var hashes = words.stream().mapToLong(Subjects::hash).toArray();
            long all = Arrays.stream(hashes).sum();
            for (int i = 0; i < hashes.length; i++) {
                put(alike, all - hashes[i], e);
                for (int j = 0; j < i && twoMayDiffer(hashes.length); j++) {
                    put(alike, all - hashes[i] - hashes[j], e);
                }
            }
        }
        return alike;
    }

    private static boolean twoMayDiffer(int words) {
        return words >= SHARED_MIN + APART_MAX && words <= WORDS_SHORT;
    }

    /** Each two of a group once, the later one's number above the earlier one's. */
    private static Set<Long> pairs(Map<Long, List<Integer>> alike) {
        var pairs = new HashSet<Long>();
        for (var group : alike.values()) {
            for (int i = 1; i < group.size(); i++) {
                for (int j = 0; j < i; j++) {
                    pairs.add((long) group.get(i) << Integer.SIZE | group.get(j));
                }
            }
        }
        return pairs;
    }

    private static void put(Map<Long, List<Integer>> alike, long key, int entry) {
        var group = alike.computeIfAbsent(key, _ -> new ArrayList<>(2));
        if (group.size() < ALIKE_MAX) {
            group.add(entry);
        }
    }

    /** Spreads a string's hash over 64 bits (the finalizer of SplitMix64, Steele et al. 2014). */
    private static long hash(String word) {
        long z = word.hashCode() * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private static Set<String> difference(Entry one, Entry other) {
        var words = new HashSet<>(one.question().words());
        words.removeAll(other.question().words());
        return words;
    }

    /** Whether an answer has one of {@code words} in it, though perhaps written otherwise. */
    private static boolean made(String answer, Set<String> words) {
        var plain = answer.replaceAll("[^\\p{L}\\p{N}]", "");
        return words.stream().anyMatch(plain::contains);
    }

    /** Whether any lesson is about something that decides its answer. */
    boolean any() {
        return !own.isEmpty();
    }

    /** Whether lesson {@code entry} is about something that decides its answer. */
    boolean has(int entry) {
        return entry < own.size() && !own.get(entry).isEmpty();
    }

    /** The words of what lesson {@code entry} is about, none where that does not decide its answer. */
    Set<String> of(int entry) {
        return has(entry) ? own.get(entry) : Set.of();
    }

    /** Whether some lesson's subject is named in {@code words}. */
    boolean named(Set<String> words) {
        return own.stream().anyMatch(subject -> !subject.isEmpty() && words.containsAll(subject));
    }
}
