/**
 * The administrator's door: instances, their checkpoints and reports. The listener hands requests in;
 * {@link dev.apprentice.learner.instance.Instances} and {@link dev.apprentice.learner.checkpoint.Checkpoints} take them
 * on. Read {@code InstancesDoor} first. A request belongs to its connection's virtual thread. Promise kept here: what
 * is answered has happened, durably.
 */
@NullMarked
package dev.apprentice.server.admin;

import org.jspecify.annotations.NullMarked;
