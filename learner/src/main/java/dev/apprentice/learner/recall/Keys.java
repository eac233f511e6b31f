package dev.apprentice.learner.recall;

/**
 * Which requests may have been taught: eight bytes of each one's key, in a hash table that only grows. What is not in
 * it was not taught, and need not be looked for in the ledger; what is, may be. Safe for use by any thread.
 */
final class Keys {
    private static final int DIGITS = 16;
    private static final int HEXADECIMAL = 16;
    private static final int FIRST = 64;

    private long[] table = new long[FIRST];
    private int count;
    private boolean complete;

    /** A key in hexadecimal digits, at least sixteen. */
    synchronized void add(String key) {
        if (2 * (count + 1) > table.length) {
            var old = table;
            table = new long[2 * old.length];
            count = 0;
            for (long known : old) {
                if (known != 0) {
                    put(known);
                }
            }
        }
        put(number(key));
    }

    /** From now on what is not here was not taught. */
    synchronized void complete() {
        complete = true;
    }

    synchronized boolean mayHave(String key) {
        return !complete || table[place(number(key))] != 0;
    }

    private void put(long number) {
        int place = place(number);
        count += table[place] == 0 ? 1 : 0;
        table[place] = number;
    }

    /** Where it is, or where it would be. */
    private int place(long number) {
        int at = (int) number & (table.length - 1);
        while (table[at] != 0 && table[at] != number) {
            at = (at + 1) & (table.length - 1);
        }
        return at;
    }

    /** Nothing is 0: that is an empty place. */
    private static long number(String key) {
        return Math.max(1, Long.parseUnsignedLong(key.substring(0, DIGITS), HEXADECIMAL) >>> 1);
    }
}
