package dev.apprentice.engine.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells the control tokens that a template writes from those that somebody typed. Behind the first character of each
 * typed one goes a mark, U+FDD1, before the template sees it: a mark in the middle survives what templates do to
 * contents (trim, split, join, write as JSON), and a marked token matches none. What then matches in the rendered text
 * is the template's. Both marks are noncharacters, which no text may hold in interchange; where one does, it is
 * replaced.
 */
final class Guard {
    static final char MARK = '\uFDD1';
    private static final char REPLACEMENT = '\uFFFD';

    private final Map<Character, List<AddedToken>> byFirst = new HashMap<>();

    Guard(List<AddedToken> tokens) {
        for (var token : tokens) {
            if (token.text().codePointCount(0, token.text().length()) > 1) {
                byFirst.computeIfAbsent(token.text().charAt(0), c -> new ArrayList<>())
                        .add(token);
            }
        }
        byFirst.values()
                .forEach(list -> list.sort(
                        Comparator.comparingInt((AddedToken t) -> t.text().length())
                                .reversed()));
    }

    /** A typed text with a mark in each control token; the same object if there is none. */
    String marked(String text, boolean assistant) {
        StringBuilder out = null;
        int copied = 0;
        for (int i = 0; i < text.length(); i++) {
            if (typed(text, i, assistant)) {
                int after = i + Character.charCount(text.codePointAt(i));
                out = out == null ? new StringBuilder(text.length() + 16) : out;
                out.append(text, copied, after).append(MARK);
                copied = after;
            }
        }
        return out == null ? text : out.append(text, copied, text.length()).toString();
    }

    private boolean typed(String text, int at, boolean assistant) {
        for (var token : byFirst.getOrDefault(text.charAt(at), List.of())) {
            if (token.controls() && !(assistant && token.isTag()) && text.startsWith(token.text(), at)) {
                return true;
            }
        }
        return false;
    }

    /** The longest added token that stands at {@code at}, or null. */
    @Nullable
    AddedToken at(String text, int at) {
        for (var token : byFirst.getOrDefault(text.charAt(at), List.of())) {
            if (text.startsWith(token.text(), at)) {
                return token;
            }
        }
        return null;
    }

    /** A rendered text without its marks and with every added token under its alias. */
    String renamed(String marked) {
        var out = new StringBuilder(marked.length() + 64);
        int i = 0;
        while (i < marked.length()) {
            char c = marked.charAt(i);
            var token = at(marked, i);
            if (token != null) {
                out.append(token.alias());
                i += token.text().length();
                continue;
            }
            if (c != MARK) {
                out.append(c == AddedToken.ALIAS ? REPLACEMENT : c);
            }
            i++;
        }
        return out.toString();
    }

    /** A text in which nobody can have hidden an alias. */
    String plain(String text) {
        return text.replace(AddedToken.ALIAS, REPLACEMENT);
    }

    static String unmarked(String text) {
        return text.indexOf(MARK) < 0 ? text : text.replace(String.valueOf(MARK), "");
    }
}
