package dev.apprentice.learner.instance;

/** Who has to know at once when an instance stops or starts learning; called in the order of the changes. */
public interface InstanceWatcher {
    /** What it is told from here on is neither recalled nor studied, or is again. */
    void frozen(String instance, boolean frozen);

    /** It is gone with everything it had. */
    void deleted(String instance);
}
