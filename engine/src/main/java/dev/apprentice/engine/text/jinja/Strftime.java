package dev.apprentice.engine.text.jinja;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** C's {@code strftime} with English names. */
final class Strftime {
    private Strftime() {}

    static String format(ZonedDateTime time, String format) {
        var out = new StringBuilder();
        int at = 0;
        while (at < format.length()) {
            char c = format.charAt(at++);
            if (c != '%' || at >= format.length()) {
                out.append(c);
                continue;
            }
            boolean unpadded = format.charAt(at) == '-' && at + 1 < format.length();
            char directive = format.charAt(at + (unpadded ? 1 : 0));
            var text = text(time, directive);
            at += unpadded ? 2 : 1;
            if (text == null) {
                out.append(unpadded ? "%-" : "%").append(directive);
            } else {
                out.append(unpadded ? text.replaceFirst("^[0 ]+(?=.)", "") : text);
            }
        }
        return out.toString();
    }

    private static @Nullable String text(ZonedDateTime time, char directive) {
        return switch (directive) {
            case 'Y' -> pattern(time, "yyyy");
            case 'y' -> pattern(time, "yy");
            case 'm' -> pattern(time, "MM");
            case 'd' -> pattern(time, "dd");
            case 'e' -> String.format(Locale.ROOT, "%2d", time.getDayOfMonth());
            case 'j' -> pattern(time, "DDD");
            case 'B' -> pattern(time, "MMMM");
            case 'b', 'h' -> pattern(time, "MMM");
            case 'A' -> pattern(time, "EEEE");
            case 'a' -> pattern(time, "EEE");
            case 'H' -> pattern(time, "HH");
            case 'I' -> pattern(time, "hh");
            case 'M' -> pattern(time, "mm");
            case 'S' -> pattern(time, "ss");
            case 'f' -> pattern(time, "SSSSSS");
            case 'p' -> time.getHour() < 12 ? "AM" : "PM";
            case 'Z' -> pattern(time, "zzz");
            case 'z' -> pattern(time, "xx");
            case 'F' -> pattern(time, "yyyy-MM-dd");
            case 'T' -> pattern(time, "HH:mm:ss");
            case 'D' -> pattern(time, "MM/dd/yy");
            case 'R' -> pattern(time, "HH:mm");
            case 'n' -> "\n";
            case 't' -> "\t";
            case '%' -> "%";
            default -> null;
        };
    }

    private static String pattern(ZonedDateTime time, String pattern) {
        // Locale.US and not ROOT or UK, whose short names differ between releases of the locale data.
        return time.format(DateTimeFormatter.ofPattern(pattern, Locale.US));
    }
}
