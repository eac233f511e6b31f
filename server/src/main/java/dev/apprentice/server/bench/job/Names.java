package dev.apprentice.server.bench.job;

import dev.apprentice.engine.Seams;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Names that nobody has, no two alike. The same seed gives the same ones. */
final class Names {
    private static final List<String> BEGINNINGS = List.of(
            "Bar", "Cor", "Dal", "Fen", "Gor", "Hal", "Jor", "Kel", "Lor", "Mar", "Nor", "Ost", "Pel", "Quin", "Ros",
            "Sel", "Tor", "Ulm", "Ver", "Wil");

    private static final List<String> MIDDLES = List.of("a", "e", "i", "o", "u", "en", "is", "or", "al", "un");

    private static final List<String> ENDS = List.of(
            "bury", "dale", "ford", "gate", "ham", "lund", "mere", "mont", "nock", "rick", "sby", "stead", "thorp",
            "ton", "wick");

    private final RandomGenerator random;
    private final Set<String> given = new HashSet<>();

    Names(long seed) {
        random = Seams.random(seed);
    }

    /** One that was not given yet; there are 3,000. */
    String next() {
        while (true) {
            var name = any(BEGINNINGS) + any(MIDDLES) + any(ENDS);
            if (given.add(name)) {
                return name;
            }
        }
    }

    <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    RandomGenerator random() {
        return random;
    }
}
