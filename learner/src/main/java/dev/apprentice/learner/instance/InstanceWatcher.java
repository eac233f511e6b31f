package dev.apprentice.learner.instance;

/** Who has to know at once when an instance stops or starts learning; called in the order of the changes. */
public interface InstanceWatcher {
    /** Its lessons are neither recalled nor studied from here on, or are again. */
    void frozen(String instance, boolean frozen);

    /** It is gone with everything it had. */
    void deleted(String instance);
}
