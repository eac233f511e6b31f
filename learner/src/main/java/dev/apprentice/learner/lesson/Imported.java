package dev.apprentice.learner.lesson;

/**
 * What became of a file of lessons.
 *
 * @param added how many are new
 * @param known how many had been taught already
 * @param superseded how many older ones the new ones speak over
 */
public record Imported(int added, int known, int superseded) {
    static final Imported NOTHING = new Imported(0, 0, 0);

    Imported plus(boolean fresh, int over) {
        return new Imported(added + (fresh ? 1 : 0), known + (fresh ? 0 : 1), superseded + over);
    }
}
