package dev.apprentice.engine;

import java.time.Clock;
import java.util.HexFormat;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Where the program touches what it cannot control, so that tests can replace it: time, randomness and ids.
 *
 * @param clock the one clock of the program
 * @param seeds fresh, unpredictable seeds for whatever must differ between runs
 * @param ids opaque ids, unique for ever (26 characters, lower-case hexadecimal)
 */
public record Seams(Clock clock, Supplier<Long> seeds, Supplier<String> ids) {

    /** The real clock and real randomness. */
    public static Seams real() {
        var random = new java.security.SecureRandom();
        return new Seams(Clock.systemUTC(), random::nextLong, () -> {
            var bytes = new byte[13];
            random.nextBytes(bytes);
            return HexFormat.of().formatHex(bytes);
        });
    }

    /** A generator that gives the same numbers for the same {@code seed}, on every machine. */
    public static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }
}
