package dev.apprentice.server.admin;

import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.instance.Instances;
import dev.apprentice.learner.store.Page;
import dev.apprentice.server.security.Caller;
import org.jspecify.annotations.Nullable;

/** The instances that exist for a caller. */
public record InstanceList(Instances instances, Caller caller) {
    /** A part of their list; it may be shorter than it could be, and even empty, with more to come. */
    public Page<Instance> list(@Nullable String after, int limit) {
        var page = instances.list(after, limit);
        return new Page<>(
                page.data().stream()
                        .filter(instance -> caller.sees(instance.id()))
                        .toList(),
                page.next());
    }
}
