package dev.apprentice.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StopStringsTest {

    /** C27. The fourth column is how the text ends: by a stop, or by itself. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "alpha ###END### beta, ###END###, \"alpha \", true",
                "alpha ###END### beta, ##, \"alpha \", true",
                "alpha ###END### beta, \" be\", alpha ###END###, true",
                "alpha ###END### beta, ###END###|END, \"alpha ###\", true",
                "alpha ###END, ###END###, alpha ###END, false",
                "aaab, aab, a, true",
                "ababac, abac, ab, true",
                "名前は🙂です, 🙂, 名前は, true",
                "abcd, abcd|bc, a, true",
                "xbc, abc|bc, x, true",
                "none here, zzz, none here, false",
            })
    void theTextUpToTheFirstStop(String text, String stops, String expected, boolean matched) {
        for (int piece = 1; piece <= text.length(); piece++) {
            var stop = new StopStrings(List.of(stops.split("\\|")));
            assertThat(through(stop, text, piece)).as("pieces of %s", piece).isEqualTo(expected);
            assertThat(stop.matched()).isEqualTo(matched);
        }
    }

    @Test
    void whatCannotBecomeAStopIsNotHeldBack() {
        var stop = new StopStrings(List.of("###END###"));
        assertThat(stop.push("alpha #")).isEqualTo("alpha ");
        assertThat(stop.push("1")).isEqualTo("#1");
        assertThat(stop.push(" ##")).isEqualTo(" ");
        assertThat(stop.flush()).isEqualTo("##");
    }

    @Test
    void nothingFollowsAStop() {
        var stop = new StopStrings(List.of("x"));
        assertThat(stop.push("axb")).isEqualTo("a");
        assertThat(stop.push("c")).isEmpty();
        assertThat(stop.flush()).isEmpty();
    }

    /** Against the plain rule: the stop that is complete first, of several the one that began first. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void anyCutGivesTheSame(long seed) {
        var random = dev.apprentice.engine.Seams.random(seed);
        for (int i = 0; i < 3_000; i++) {
            var text = letters(random, random.nextInt(12));
            var stops = List.of(letters(random, random.nextInt(1, 4)), letters(random, random.nextInt(1, 5)));
            var stop = new StopStrings(stops);
            assertThat(through(stop, text, random.nextInt(1, 6)))
                    .as("%s %s", text, stops)
                    .isEqualTo(plain(text, stops));
        }
    }

    private static String plain(String text, List<String> stops) {
        for (int end = 1; end <= text.length(); end++) {
            var seen = text.substring(0, end);
            var longest = stops.stream()
                    .filter(seen::endsWith)
                    .mapToInt(String::length)
                    .max();
            if (longest.isPresent()) {
                return seen.substring(0, end - longest.getAsInt());
            }
        }
        return text;
    }

    private static String letters(java.util.random.RandomGenerator random, int length) {
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(2)));
        }
        return text.toString();
    }

    @Test
    void anEmptyStopIsRefused() {
        assertThatThrownBy(() -> new StopStrings(List.of(""))).isInstanceOf(IllegalArgumentException.class);
    }

    private static String through(StopStrings stop, String text, int piece) {
        var shown = new StringBuilder();
        for (int at = 0; at < text.length(); at += piece) {
            shown.append(stop.push(text.substring(at, Math.min(at + piece, text.length()))));
        }
        return shown.append(stop.flush()).toString();
    }
}
