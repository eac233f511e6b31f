package dev.apprentice.learner.lesson;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.analysis.WordlistLoader;
import org.apache.lucene.analysis.snowball.SnowballFilter;

/** Words that hold sentences together and say nothing of their subject, in the languages that Snowball lists. */
final class FunctionWords {
    private static final List<String> LANGUAGES = List.of(
            "danish",
            "dutch",
            "english",
            "finnish",
            "french",
            "german",
            "hungarian",
            "italian",
            "norwegian",
            "portuguese",
            "russian",
            "spanish",
            "swedish");

    /** All of them, in lower case. */
    static final Set<String> ALL = load();

    private FunctionWords() {}

    private static Set<String> load() {
        var all = new HashSet<String>();
        for (var language : LANGUAGES) {
            var resource = SnowballFilter.class.getResourceAsStream(language + "_stop.txt");
            if (resource == null) {
                throw new IllegalStateException("Lucene has no list of function words for " + language);
            }
            try (var reader = new InputStreamReader(resource, StandardCharsets.UTF_8)) {
                for (var word : WordlistLoader.getSnowballWordSet(reader)) {
                    all.add(new String((char[]) word));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return Set.copyOf(all);
    }
}
