package dev.apprentice.learner.lesson;

/**
 * What became of a file of lessons.
 *
 * @param added how many are new
 * @param known how many had been taught already
 * @param held how many of the new ones contradict another, so that a person has to decide
 * @param superseded how many older ones the new ones speak over
 */
public record Imported(int added, int known, int held, int superseded) {
    static final Imported NOTHING = new Imported(0, 0, 0, 0);

    Imported plus(Recording.Given given) {
        int held = given.fresh() && given.lesson().state() == LessonState.HELD ? 1 : 0;
        return new Imported(
                added + (given.fresh() ? 1 : 0),
                known + (given.fresh() ? 0 : 1),
                this.held + held,
                superseded + given.changes().gone().size());
    }
}
