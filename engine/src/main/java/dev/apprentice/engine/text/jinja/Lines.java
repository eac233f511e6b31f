package dev.apprentice.engine.text.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's {@code str.splitlines}, which knows more line ends than Java does. */
final class Lines {
    private Lines() {}

    static List<String> split(String text, boolean keepEnds) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        int at = 0;
        while (at < text.length()) {
            int end = at++;
            if (!isEnd(text.charAt(end))) {
                continue;
            }
            if (text.charAt(end) == '\r' && at < text.length() && text.charAt(at) == '\n') {
                at++;
            }
            lines.add(text.substring(start, keepEnds ? at : end));
            start = at;
        }
        if (start < text.length()) {
            lines.add(text.substring(start));
        }
        return lines;
    }

    private static boolean isEnd(char c) {
        return (c >= '\n' && c <= '\r') || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 || c == 0x2029;
    }
}
