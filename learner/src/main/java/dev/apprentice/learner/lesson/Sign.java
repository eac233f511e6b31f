package dev.apprentice.learner.lesson;

import dev.apprentice.engine.text.ChatMessage;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a user's next turn says of the answer before it. Only what can hardly mean anything else counts: nothing but
 * thanks, a rejection at the beginning, or the same question once more. Whatever else is said is no sign, since silence
 * is missing and not zero (docs/learning.md). Thanks and rejections are known in English; a repetition in every
 * language.
 */
public enum Sign {
    /** The same was asked again, so the answer was of no use. */
    REPEATED,
    /** The user said that it is wrong. */
    REJECTED,
    /** The user said thanks, and nothing else. */
    THANKED;

    /** A question of fewer words may be asked again for its own sake. */
    private static final int WORDS_MIN = 3;

    private static final Pattern THANKS =
            Pattern.compile("(?:(?:ok|okay|yes|great|perfect|cool|nice|wonderful|excellent"
                    + "|awesome|got it|that helps|that helped|that is it|that's it)[,.! ]+)*"
                    + "(?:thanks|thank you|thx|many thanks|thanks a lot|cheers)"
                    + "(?: (?:so|very) much| a lot| a bunch| again| for (?:the|your) (?:help|answer))?"
                    + "(?:[,.! ]+(?:that (?:is|was)|that's) (?:right|correct|perfect|great|exactly what i (?:needed|wanted|meant)))?"
                    + "[,.! ]*");

    private static final Pattern WRONG = Pattern.compile(
            "(?:(?:no|nope|sorry|hm|hmm|but)[,.!: ]+)*"
                    + "(?:(?:(?:that|this|your answer|the answer)(?: is|'s| was)|you are|you're)"
                    + "(?: (?:just|simply|still|completely|totally|all|plain))? "
                    + "(?:wrong|incorrect|mistaken|not (?:right|correct|true|what i (?:asked|meant|wanted)(?: for)?))"
                    + "|(?:that isn't|this isn't|that wasn't) (?:right|correct|true|what i (?:asked|meant|wanted)(?: for)?)"
                    + "|you (?:got|have got) (?:it|that|this) wrong|wrong answer|wrong|incorrect)"
                    + "(?:$|[,.!;:\\n].*)",
            Pattern.DOTALL);

    /** What may stand before a question that is asked again. */
    private static final Pattern AGAIN = Pattern.compile(
            "(?:(?:no|nope|again|once more|once again|i said|i asked|i repeat|as i said|my question was"
                    + "|the question was)[,.!: ]+)+",
            Pattern.CASE_INSENSITIVE);

    /** Questions with such words want something new each time. */
    private static final Pattern MORE = Pattern.compile(
            "\\b(?:another|other|more|next|continue|again|go on|random|new|different|else)\\b",
            Pattern.CASE_INSENSITIVE);

    /** Whether it speaks well of the answer. */
    public boolean good() {
        return this == THANKED;
    }

    /**
     * What {@code next} says.
     *
     * @param asked the user's turn before the answer, null where that was no user's
     * @param next the user's turn after it
     */
    static Optional<Sign> of(@Nullable String asked, String next) {
        var plain = next.strip().toLowerCase(Locale.ROOT).replace('’', '\'').replaceAll("[ \\t]+", " ");
        if (THANKS.matcher(plain).matches()) {
            return Optional.of(THANKED);
        }
        var first = plain.lines().findFirst().orElse("").strip();
        if (WRONG.matcher(plain).matches() && !asks(first)) {
            return Optional.of(REJECTED);
        }
        return asked != null && repeats(asked, next) ? Optional.of(REPEATED) : Optional.empty();
    }

    /** "That is wrong, is it?" */
    private static boolean asks(String first) {
        int end = first.indexOf('?');
        return end >= 0 && first.substring(0, end).chars().noneMatch(c -> c == '.' || c == '!');
    }

    private static boolean repeats(String asked, String next) {
        var lead = AGAIN.matcher(next.strip());
        var again = lead.lookingAt() ? next.strip().substring(lead.end()) : next.strip();
        if (again.isBlank() || asked.isBlank() || MORE.matcher(again).find()) {
            return false;
        }
        var before = Nearness.of(List.of(ChatMessage.of("user", asked)));
        var after = Nearness.of(List.of(ChatMessage.of("user", again)));
        boolean equal = Wording.plain(asked).equals(Wording.plain(again))
                || (before.key().equals(after.key()) && before.to(after.words()) == Nearness.Distance.EQUAL);
        return equal && before.words().split(" ", -1).length >= WORDS_MIN;
    }
}
