package dev.apprentice.learner.lesson;

import dev.apprentice.engine.text.ChatMessage;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What two requests have to share to be nearly one. The turns before the last one are the same, and so are the last
 * one's numbers, quotes and names, in their order. With that, requests are nearly equal if they have the same words but
 * for slips of spelling and words of courtesy, and merely near if one has the words of the other and a few more. A word
 * that is exchanged for another makes another request: jobs are full of such twins that want different answers.
 *
 * @param key equal where turns and marks are
 * @param words the last message's words, one blank between two
 */
record Nearness(String key, String words) {
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");
    private static final Pattern I = Pattern.compile("I(['’]\\p{L}+)?[.,;:!?]*");
    private static final Set<String> COURTESY =
            Set.of("please", "thanks", "thank", "hello", "hi", "hey", "dear", "the", "a", "an");
    private static final int SLIP_LETTERS_MIN = 5;
    private static final int EXTRA_MIN = 2;

    /** One word in so many may be slipped in, or misspelt. */
    private static final int ONE_IN = 10;

    private static final double SIMILAR = 0.8;

    /** How two requests with the same {@link #key} lie to one another. */
    enum Distance {
        /** The newer speaks over the older. */
        EQUAL,
        /** Other answers contradict one another. */
        NEAR,
        /** They have nothing to do with one another. */
        FAR
    }

    static Nearness of(List<ChatMessage> messages) {
        var last = messages.getLast();
        var found = Marks.of(last.content());
        var marks = found.stream()
                .filter(Nearness::marks)
                .map(word -> Wording.plain(word.text()))
                .toList();
        var before = Same.key(messages.subList(0, messages.size() - 1));
        var same = Same.digest(String.join("\n", before, last.role(), String.join(" ", marks)));
        return new Nearness(same, String.join(" ", words(found)));
    }

    /** The words that are compared of a message. */
    static List<String> wordsOf(String content) {
        return words(Marks.of(content));
    }

    private static List<String> words(List<Marks.Word> found) {
        return found.stream()
                .flatMap(word -> marks(word)
                        ? Stream.of(Wording.plain(word.text()))
                        : NO_WORD.splitAsStream(Wording.plain(word.text())))
                .filter(word -> !word.isBlank() && !COURTESY.contains(word))
                .toList();
    }

    /** English writes I as if it were a name. */
    private static boolean marks(Marks.Word word) {
        return word.bound() && !I.matcher(word.text()).matches();
    }

    Distance to(String others) {
        var mine = words.split(" ", -1);
        var theirs = others.split(" ", -1);
        return mine.length <= theirs.length ? distance(mine, theirs) : distance(theirs, mine);
    }

    private static Distance distance(String[] fewer, String[] more) {
        int extra = more.length - fewer.length;
        if (extra > Math.max(EXTRA_MIN, more.length / ONE_IN)
                || 2.0 * fewer.length <= SIMILAR * (fewer.length + more.length)) {
            return Distance.FAR;
        }
        int slips = Math.max(1, fewer.length / ONE_IN);
        int at = 0;
        for (var word : more) {
            if (at == fewer.length) {
                break;
            }
            if (fewer[at].equals(word)) {
                at++;
            } else if (slips > 0 && slip(fewer[at], word)) {
                slips--;
                at++;
            }
        }
        if (at < fewer.length) {
            return Distance.FAR;
        }
        return extra == 0 ? Distance.EQUAL : Distance.NEAR;
    }

    /** Whether two words are one with a letter too much, too little, wrong or in its neighbour's place. */
    private static boolean slip(String a, String b) {
        if (a.length() < SLIP_LETTERS_MIN
                || b.length() < SLIP_LETTERS_MIN
                || a.charAt(0) != b.charAt(0)
                || !lettersOfAnAlphabet(a)
                || !lettersOfAnAlphabet(b)) {
            return false;
        }
        int front = Math.min(Arrays.mismatch(a.toCharArray(), b.toCharArray()), Math.min(a.length(), b.length()));
        var restA = a.substring(front);
        var restB = b.substring(front);
        if (restA.length() == restB.length()) {
            return restA.substring(1).equals(restB.substring(1))
                    || (restA.length() > 1
                            && restA.charAt(0) == restB.charAt(1)
                            && restA.charAt(1) == restB.charAt(0)
                            && restA.substring(2).equals(restB.substring(2)));
        }
        return restA.length() < restB.length()
                ? restB.substring(1).equals(restA)
                : restA.substring(1).equals(restB);
    }

    /** In scripts without cases one sign is often a word. */
    private static boolean lettersOfAnAlphabet(String word) {
        return word.codePoints().allMatch(Character::isLowerCase);
    }
}
