package dev.apprentice.learner.study;

/**
 * What the learner does for an instance.
 *
 * @param phase what it is at
 * @param step which step of a study, from 0
 * @param steps of how many
 */
public record StudyStatus(Phase phase, int step, int steps) {
    /** What the learner is at. */
    public enum Phase {
        /** Nothing: all is learnt, or too little waits. */
        RESTING,
        /** Training. */
        STUDYING,
        /** Examining what was trained. */
        EXAMINING
    }

    static final StudyStatus RESTING = new StudyStatus(Phase.RESTING, 0, 0);
}
