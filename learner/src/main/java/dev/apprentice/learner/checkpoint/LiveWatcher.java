package dev.apprentice.learner.checkpoint;

/** Who has to know at once that another checkpoint may be the one that serves; called in the order of the changes. */
@FunctionalInterface
public interface LiveWatcher {
    /** Look at what serves for {@code instance} again. */
    void live(String instance);
}
