package dev.apprentice.engine.text.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Python's string methods, bound to their string. */
final class StringMethods {
    private final Budget budget;

    StringMethods(Budget budget) {
        this.budget = budget;
    }

    Value.@Nullable Function find(String text, String name) {
        budget.spend(text.length() / 16 + 1);
        return switch (name) {
            case "strip" -> a -> budget.text(Blanks.stripTrailing(Blanks.stripLeading(text, unwanted(a)), unwanted(a)));
            case "lstrip" -> a -> budget.text(Blanks.stripLeading(text, unwanted(a)));
            case "rstrip" -> a -> budget.text(Blanks.stripTrailing(text, unwanted(a)));
            case "upper" -> a -> budget.text(text.toUpperCase(Locale.ROOT));
            case "lower" -> a -> budget.text(text.toLowerCase(Locale.ROOT));
            case "capitalize" -> a -> budget.text(capitalized(text));
            case "title" -> a -> budget.text(titled(text));
            case "startswith" -> a -> Value.Bool.of(any(a, text::startsWith));
            case "endswith" -> a -> Value.Bool.of(any(a, text::endsWith));
            case "removeprefix" ->
                a -> {
                    var prefix = a.only(name, "prefix").text(0, "prefix");
                    return budget.text(text.startsWith(prefix) ? text.substring(prefix.length()) : text);
                };
            case "removesuffix" ->
                a -> {
                    var suffix = a.only(name, "suffix").text(0, "suffix");
                    return budget.text(
                            text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text);
                };
            case "find" ->
                a -> new Value.Int(index(text, text.indexOf(a.only(name, "sub").text(0, "sub"))));
            case "rfind" ->
                a -> new Value.Int(
                        index(text, text.lastIndexOf(a.only(name, "sub").text(0, "sub"))));
            case "index" ->
                a -> {
                    int found = text.indexOf(a.only(name, "sub").text(0, "sub"));
                    if (found < 0) {
                        throw new TemplateError("substring not found");
                    }
                    return new Value.Int(index(text, found));
                };
            case "count" -> a -> new Value.Int(count(text, a.only(name, "sub").text(0, "sub")));
            case "replace" ->
                a -> {
                    a.only(name, "old", "new", "count");
                    return replaced(text, a.text(0, "old"), a.text(1, "new"), a.whole(2, "count", -1));
                };
            case "split" -> a -> split(text, a, false);
            case "rsplit" -> a -> split(text, a, true);
            case "splitlines" ->
                a -> texts(Lines.split(text, a.only(name, "keepends").flag(0, "keepends", false)));
            case "join" -> a -> joined(text, a.only(name, "iterable").need(0, "iterable"));
            case "format" -> a -> budget.text(new BraceFormat(budget).format(text, a));
            case "isdigit" -> a -> Value.Bool.of(all(text, Character::isDigit));
            case "isalpha" -> a -> Value.Bool.of(all(text, Character::isLetter));
            case "isalnum" -> a -> Value.Bool.of(all(text, Character::isLetterOrDigit));
            case "isspace" -> a -> Value.Bool.of(all(text, Blanks::isBlank));
            default -> null;
        };
    }

    private static boolean all(String text, IntPredicate predicate) {
        return !text.isEmpty() && text.codePoints().allMatch(predicate);
    }

    private static IntPredicate unwanted(Arguments arguments) {
        var characters = arguments.only("strip", "chars").find(0, "chars");
        if (characters == null || characters == Value.None.NONE) {
            return Blanks::isBlank;
        }
        var set = arguments.text(0, "chars");
        return c -> set.indexOf(c) >= 0;
    }

    private static boolean any(Arguments arguments, java.util.function.Predicate<String> test) {
        var wanted = arguments.only("startswith", "prefix").need(0, "prefix");
        if (wanted instanceof Value.Sequence s && s.tuple()) {
            return s.items().stream().anyMatch(item -> item instanceof Value.Str part && test.test(part.text()));
        }
        return test.test(arguments.text(0, "prefix"));
    }

    private static long index(String text, int found) {
        return found < 0 ? -1 : text.codePointCount(0, found);
    }

    static String capitalized(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.codePointAt(0);
        return Character.toString(Character.toTitleCase(first))
                + text.substring(Character.charCount(first)).toLowerCase(Locale.ROOT);
    }

    private static String titled(String text) {
        var out = new StringBuilder(text.length());
        boolean inside = false;
        for (int c : text.codePoints().toArray()) {
            out.appendCodePoint(inside ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inside = Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
        }
        return out.toString();
    }

    private static long count(String text, String part) {
        if (part.isEmpty()) {
            return text.codePointCount(0, text.length()) + 1L;
        }
        long count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    Value.Str replaced(String text, String old, String with, long limit) {
        long times = limit < 0 ? count(text, old) : Math.min(limit, count(text, old));
        budget.spend(text.length() + times * Math.max(0, with.length() - old.length()));
        var out = new StringBuilder();
        int at = 0;
        for (long i = 0; i < times; i++) {
            int found = old.isEmpty() ? at : text.indexOf(old, at);
            out.append(text, at, found).append(with);
            at = found + old.length();
            if (old.isEmpty() && at < text.length()) {
                int width = Character.charCount(text.codePointAt(at));
                out.append(text, at, at + width);
                at += width;
            }
        }
        return new Value.Str(out.append(text, at, text.length()).toString());
    }

    private Value split(String text, Arguments arguments, boolean fromRight) {
        var separator = arguments.only("split", "sep", "maxsplit").get(0, "sep", Value.None.NONE);
        long limit = arguments.whole(1, "maxsplit", -1);
        long splits = limit < 0 ? Long.MAX_VALUE : limit;
        if (separator == Value.None.NONE) {
            return texts(fromRight ? wordsFromRight(text, splits) : words(text, splits));
        }
        var by = arguments.text(0, "sep");
        if (by.isEmpty()) {
            throw new TemplateError("empty separator");
        }
        List<String> parts = new ArrayList<>();
        if (fromRight) {
            int end = text.length();
            for (int at = text.lastIndexOf(by); at >= 0 && splits-- > 0; at = text.lastIndexOf(by, at - by.length())) {
                parts.add(text.substring(at + by.length(), end));
                end = at;
                if (at < by.length()) {
                    break;
                }
            }
            parts.add(text.substring(0, end));
            Collections.reverse(parts);
        } else {
            int start = 0;
            for (int at = text.indexOf(by); at >= 0 && splits-- > 0; at = text.indexOf(by, start)) {
                parts.add(text.substring(start, at));
                start = at + by.length();
            }
            parts.add(text.substring(start));
        }
        return texts(parts);
    }

    private static List<String> words(String text, long splits) {
        List<String> words = new ArrayList<>();
        int at = Blanks.skip(text, 0);
        while (at < text.length()) {
            if (words.size() >= splits) {
                words.add(text.substring(at));
                break;
            }
            int end = at;
            while (end < text.length() && !Blanks.isBlank(text.charAt(end))) {
                end++;
            }
            words.add(text.substring(at, end));
            at = Blanks.skip(text, end);
        }
        return words;
    }

    private static List<String> wordsFromRight(String text, long splits) {
        List<String> words = new ArrayList<>();
        var rest = Blanks.stripTrailing(text, Blanks::isBlank);
        while (!rest.isEmpty()) {
            int start = words.size() >= splits ? 0 : rest.length();
            while (start > 0 && !Blanks.isBlank(rest.charAt(start - 1))) {
                start--;
            }
            words.add(rest.substring(start));
            rest = Blanks.stripTrailing(rest.substring(0, start), Blanks::isBlank);
        }
        Collections.reverse(words);
        return words;
    }

    private Value texts(List<String> parts) {
        List<Value> values = new ArrayList<>(parts.size());
        for (var part : parts) {
            values.add(budget.text(part));
        }
        budget.spend(parts.size());
        return Values.list(values);
    }

    private Value joined(String separator, Value iterable) {
        var out = new StringBuilder();
        boolean first = true;
        for (var item : Values.items(iterable)) {
            if (!(item instanceof Value.Str part)) {
                throw new TemplateError("join: expected str instance, " + Values.typeName(item) + " found");
            }
            budget.spend(separator.length() + (long) part.text().length());
            out.append(first ? "" : separator).append(part.text());
            first = false;
        }
        return new Value.Str(out.toString());
    }
}
